//! Records for Groonga: commands that make the tables, and commands that load one handbook into them.

use super::record::{District, Record};
use super::{BulkFile, parts};
use serde_json::{Map, Value as Json, json};

/// The tables. Pairs of characters are indexed, after the normalisation of widths and cases.
const SCHEMA: &str = "\
table_create Districts TABLE_HASH_KEY ShortText
column_create Districts name COLUMN_SCALAR ShortText
table_create Records TABLE_HASH_KEY ShortText
column_create Records district COLUMN_SCALAR Districts
column_create Records edition COLUMN_SCALAR ShortText
column_create Records kind COLUMN_SCALAR ShortText
column_create Records kind_label COLUMN_SCALAR ShortText
column_create Records page COLUMN_SCALAR ShortText
column_create Records position COLUMN_SCALAR UInt32
column_create Records url COLUMN_SCALAR ShortText
column_create Records link COLUMN_SCALAR ShortText
column_create Records title COLUMN_SCALAR Text
column_create Records heading COLUMN_SCALAR Text
column_create Records law COLUMN_SCALAR ShortText
column_create Records article COLUMN_SCALAR ShortText
column_create Records names COLUMN_VECTOR ShortText
column_create Records keywords COLUMN_VECTOR ShortText
column_create Records outcomes COLUMN_VECTOR ShortText
column_create Records state COLUMN_SCALAR ShortText
column_create Records date COLUMN_SCALAR ShortText
column_create Records confidence COLUMN_SCALAR ShortText
column_create Records badges COLUMN_VECTOR ShortText
column_create Records checked COLUMN_SCALAR ShortText
column_create Records internal COLUMN_SCALAR Bool
column_create Records text COLUMN_SCALAR LongText
column_create Records official_text COLUMN_SCALAR LongText
column_create Districts records_district COLUMN_INDEX Records district
table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto
column_create Terms records_title COLUMN_INDEX|WITH_POSITION Records title
column_create Terms records_heading COLUMN_INDEX|WITH_POSITION Records heading
column_create Terms records_article COLUMN_INDEX|WITH_POSITION Records article
column_create Terms records_names COLUMN_INDEX|WITH_POSITION|WITH_SECTION Records names
column_create Terms records_keywords COLUMN_INDEX|WITH_POSITION|WITH_SECTION Records keywords
column_create Terms records_outcomes COLUMN_INDEX|WITH_POSITION|WITH_SECTION Records outcomes
column_create Terms records_text COLUMN_INDEX|WITH_POSITION Records text
column_create Terms records_official_text COLUMN_INDEX|WITH_POSITION Records official_text
";

/// The columns that a query looks into, with their weights.
pub const MATCH_COLUMNS: &str = "title * 5 || heading * 5 || article * 3 || names * 3 || keywords * 3 || outcomes * 2 || text || official_text";

/// The files of one handbook: the records in parts of at most `most_bytes` (one record may be more), the tables, and what to
/// do with them. `name` is what the parts are called. The first part clears away what was loaded of this handbook before.
#[must_use]
pub fn files(
    records: &[Record],
    (district, edition): (&District, &str),
    name: &str,
    most_bytes: usize,
) -> Vec<BulkFile> {
    let rows = records.iter().map(row);
    let mut all = parts(rows, (name, "grn"), ("load --table Records\n[\n", ",\n", "\n]\n"), most_bytes);
    if let Some(first) = all.first_mut() {
        first.text.insert_str(0, &beginning(district, edition));
    }
    all.push(BulkFile::new("schema.grn", SCHEMA));
    all.push(BulkFile::new("使用说明.txt", &HELP.replace("MATCH_COLUMNS", MATCH_COLUMNS)));
    all
}

/// Clears away what was there of this edition of this district, and names the district. Neither id holds a quotation mark.
fn beginning(district: &District, edition: &str) -> String {
    let named = json!({ "_key": district.id, "name": district.name });
    format!(
        "delete --table Records --filter 'district._key == \"{}\" && edition == \"{edition}\"'\nload --table Districts\n[\n{named}\n]\n",
        district.id
    )
}

/// One row of `load`, on one line.
fn row(record: &Record) -> String {
    let mut columns = Map::new();
    columns.insert("_key".to_owned(), Json::from(record.id.clone()));
    if let Json::Object(rest) = json!(record) {
        columns.extend(rest.into_iter().filter(|(key, _)| key != "district_name"));
    }
    Json::Object(columns).to_string()
}

const HELP: &str = "把手册装进 Groonga

这个文件夹里有：
  schema.grn         表和索引，全省装一次
  地区_版本_001.grn   一个地区的记录，每个地区一份；多的分成几个文件，按次序都要装

一、建库（只做一次，gongkai.db 是库的位置）
  groonga -n gongkai.db < schema.grn

二、装记录（每个地区、每次更新都做）
  groonga gongkai.db < 地区_版本_001.grn
  一百个地区一起装：
  for f in *_*_*.grn; do groonga gongkai.db < \"$f\"; done
  每一行回答都要以 [[0, 开头；不是 0 的出了错，后面写着原因（Groonga 出了错也不停，结束代码还是 0）。
  第一个文件开头先删去这个地区、这个版本原来的记录，所以更新就是再装一次。

三、查
  groonga gongkai.db select --table Records --match_columns \"'MATCH_COLUMNS'\" --query 重复申请 --output_columns district.name,title,heading,url,_score --sort_keys -_score '--drilldowns[district].keys' district
  看每一页有几条命中：再加 '--drilldowns[page].keys' page。
  只看一个地区：--filter \"'district._key == \\\"地区\\\"'\"
  作为服务：groonga -s --protocol http gongkai.db，或者 groonga-httpd，同样的 select 写成 /d/select?table=Records&…

字段：
  district 地区（Districts 表，district.name 是名称），edition 版本（staff 工作人员用的全本，public 公众读本；全本不要给公众查）
  kind 种类（law、question、case、letter、policy、guide），kind_label 中文名
  title 页面标题，heading 小标题，article 条号，law 法规编号，names 法规的别名
  text 手册自己写的文字（要点、案例、问答），不是法规原文；official_text 导入的法规原文
  state 效力，date 法规版本的施行日期、政策的成文日期、案例的日期
  confidence 核实程度，badges 用之前要知道的（待核、虚构），checked 核对日期
  internal 是 true 的只给工作人员看，不能公开
  url 在那本手册里的位置，link 完整的网址（导出时写了 --address 才有），page 哪一页，position 页内次序
";
