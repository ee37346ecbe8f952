//! Records for Elasticsearch and OpenSearch: `_bulk` lines, and the index that they go into.
//!
//! The index knows nothing that both engines do not have from the start: the built-in `cjk` analyzer, which takes Chinese
//! characters in pairs.

use super::record::Record;
use super::{BulkFile, parts};
use serde_json::{Value as Json, json};

/// The index; an alias of that name does as well.
pub const INDEX: &str = "gongkai";

/// Longest id that the engine takes, bytes.
pub const LONGEST_ID: usize = 512;

/// Longest keyword that is indexed, characters: Lucene takes 32766 bytes.
const LONGEST_KEYWORD: u32 = 8191;

/// The files of one handbook: the lines in parts of at most `most_bytes` (one record may be more), the index, and what to do
/// with them. `name` is what the parts are called.
#[must_use]
pub fn files(records: &[Record], name: &str, most_bytes: usize) -> Vec<BulkFile> {
    let line = |record: &Record| {
        let action = json!({ "index": { "_index": INDEX, "_id": record.id } });
        format!("{action}\n{}\n", json!(record))
    };
    let mut all = parts(records.iter().map(line), (name, "ndjson"), ("", "", ""), most_bytes);
    all.push(BulkFile::new("index.json", &format!("{:#}\n", index())));
    all.push(BulkFile::new("使用说明.txt", HELP));
    all
}

/// Settings and mapping.
fn index() -> Json {
    let keyword = || json!({ "type": "keyword", "ignore_above": LONGEST_KEYWORD });
    let text = || json!({ "type": "text", "analyzer": "chinese_pairs" });
    let both = || json!({ "type": "text", "analyzer": "chinese_pairs", "fields": { "keyword": keyword() } });
    let date = || json!({ "type": "date", "format": "strict_date" });
    json!({
        "settings": {
            // English stop words would take the IT out of IT 系统.
            "analysis": { "analyzer": { "chinese_pairs": { "type": "cjk", "stopwords": "_none_" } } }
        },
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "district": keyword(),
                "district_name": keyword(),
                "edition": keyword(),
                "kind": keyword(),
                "kind_label": keyword(),
                "page": keyword(),
                "position": { "type": "integer" },
                "url": keyword(),
                "link": keyword(),
                "title": both(),
                "heading": both(),
                "law": keyword(),
                "article": both(),
                "names": both(),
                "keywords": both(),
                "outcomes": both(),
                "state": keyword(),
                "date": date(),
                "confidence": keyword(),
                "badges": keyword(),
                "checked": date(),
                "internal": { "type": "boolean" },
                "text": text(),
                "official_text": text()
            }
        }
    })
}

const HELP: &str = "把手册装进 Elasticsearch 或者 OpenSearch

这个文件夹里有：
  index.json           索引的设置和映射，全省装一次
  地区_版本_001.ndjson  一个地区的记录，每个地区一份；多的分成几个文件，都要装
下面的“主机:9200”换成自己的地址；要登录的加上 -u 用户名。

一、建索引（只做一次）
  curl -X PUT 'http://主机:9200/gongkai' -H 'Content-Type: application/json' --data-binary @index.json
  回答里有 \"acknowledged\":true 就是建好了。想用别的索引名，就另建索引，再给它起别名 gongkai。

二、装记录（每个地区、每次更新都做）
  curl -X POST 'http://主机:9200/_bulk' -H 'Content-Type: application/x-ndjson' --data-binary @地区_版本_001.ndjson
  回答的开头要有 \"errors\":false；是 true 的，回答里写着哪一条、为什么，没有装进去。
  一百个地区一起装：
  for f in *_*_*.ndjson; do curl -sS -X POST 'http://主机:9200/_bulk?filter_path=errors,items.*.error' -H 'Content-Type: application/x-ndjson' --data-binary @\"$f\"; echo \" $f\"; done

三、更新
  再装一次，编号相同的换成新的。手册里删去的页面不会自己消失，所以装新的以前先删这个地区的：
  curl -X POST 'http://主机:9200/gongkai/_delete_by_query?refresh=true' -H 'Content-Type: application/json' -d '{\"query\":{\"bool\":{\"filter\":[{\"term\":{\"district\":\"地区\"}},{\"term\":{\"edition\":\"版本\"}}]}}}'

四、查
  curl 'http://主机:9200/gongkai/_search' -H 'Content-Type: application/json' -d '{
    \"query\":{\"multi_match\":{\"query\":\"重复申请\",\"type\":\"phrase\",\"fields\":[\"title^5\",\"heading^5\",\"article^3\",\"names^3\",\"keywords^3\",\"outcomes^2\",\"text\",\"official_text\"]}},
    \"aggs\":{\"district\":{\"terms\":{\"field\":\"district\",\"size\":200}}}}'
  只看一个地区：外面加 \"bool\" 和 \"filter\":{\"term\":{\"district\":\"地区\"}}。
  一页只出一条：加 \"collapse\":{\"field\":\"page\"}（先限定一个地区）。
  汉字两个两个地切，只查一个字查不到。

字段：
  district 地区编号，district_name 地区名称，edition 版本（staff 工作人员用的全本，public 公众读本；全本不要给公众查）
  kind 种类（law、question、case、letter、policy、guide），kind_label 中文名
  title 页面标题，heading 小标题，article 条号，law 法规编号，names 法规的别名
  text 手册自己写的文字（要点、案例、问答），不是法规原文；official_text 导入的法规原文
  state 效力，date 法规版本的施行日期、政策的成文日期、案例的日期
  confidence 核实程度，badges 用之前要知道的（待核、虚构），checked 核对日期
  internal 是 true 的只给工作人员看，不能公开
  url 在那本手册里的位置，link 完整的网址（导出时写了 --address 才有），page 哪一页，position 页内次序
";
