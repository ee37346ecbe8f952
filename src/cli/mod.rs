//! The commands: one file per subcommand. Exit codes: 0 fine, 1 findings in content or input, 2 wrong usage or
//! machine trouble.
//!
//! Only this room knows clap, anyhow at the top, progress bars and prompts.

mod batch;
mod build;
mod calendar;
mod check;
mod cite;
mod config;
mod deadline;
mod decide;
mod dossier;
mod edition;
mod export;
mod fee;
mod folder;
#[cfg(feature = "pdf")]
pub mod fonts;
mod init;
mod law;
mod letter;
mod numbers;
mod output;
mod pack;
mod preprocess;
mod project;
mod remedy;
mod request;
mod review;
mod rules;
mod schema;
mod search;
mod serve;
mod share;
mod sheet;
mod stats;
mod update;
mod usage;
mod verify;
mod volume;

use crate::corpus::STAFF;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

pub use build::render;
pub use project::Project;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing to complain about.
    Fine,
    /// Mistakes in content or input were shown.
    Findings,
}

#[derive(Parser)]
#[command(
    name = "gongkai",
    version,
    about = "政府信息公开工作手册和答复文书",
    override_usage = "gongkai [--root 文件夹] <命令>",
    after_help = "常用：\n  gongkai build                          生成手册，并说明怎样打开\n  gongkai letter list                    看有哪些文书\n  gongkai letter new 编号 -o 申请件.toml  得到一张带说明的空表\n  gongkai letter fill 申请件.toml         生成 Word 文书\n\n每个命令后面加 --help 看用法。结束代码：0 正常，1 内容或填写有错，2 命令写错或电脑上的问题。"
)]
struct Cli {
    /// 手册所在的文件夹（不写就从当前文件夹往上找 book.toml）
    #[arg(long, global = true, value_name = "文件夹")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 生成手册
    #[command(
        override_usage = "gongkai build [--edition 版本] [--format html|epub|pdf] [--paper a4|16k] [-d 文件夹] [-o 文件]"
    )]
    Build(BuildArgs),
    /// 在本机打开手册，内容改动后自动刷新
    #[command(override_usage = "gongkai serve [--host 地址] [--port 端口]")]
    Serve(ServeArgs),
    /// 检查全部内容、引用和链接，一次列出所有问题
    #[command(
        override_usage = "gongkai check [--json]\n      gongkai check --radar [--json]\n      gongkai check --stale 天数 [--on 日期] [--json]\n      gongkai check --unreviewed [--json]"
    )]
    Check(CheckArgs),
    /// 在新文件夹里开始本机关自己的手册
    #[command(override_usage = "gongkai init <文件夹> [--bare]")]
    Init(InitArgs),
    /// 文书：列出、查看、得到空表、生成
    #[command(override_usage = "gongkai letter <命令>", subcommand)]
    Letter(LetterCommand),
    /// 法规原文：导入、看结构、查条文、比版本
    #[command(override_usage = "gongkai law <命令>", subcommand)]
    Law(LawCommand),
    /// 在手册里查：法条、案例、问答、文书、政策
    #[command(override_usage = "gongkai search <词>… [--kind 种类] [--limit 条数] [--json]")]
    Search(SearchArgs),
    /// 统计：有多少法规、案例、问答、文书，还缺什么
    #[command(override_usage = "gongkai stats [--json]")]
    Stats {
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 找出一段文字里引用的条文，核对是否存在
    #[command(override_usage = "gongkai cite [文件] [--self 法规] [--at 条.款] [--on 日期] [--json]")]
    Cite(CiteArgs),
    /// 登记申请、记办理中的事情
    #[command(override_usage = "gongkai request <命令>", subcommand)]
    Request(RequestCommand),
    /// 一步一步定答复：补不补、是不是、谁负责、有没有、给不给、怎么给、怎么答
    #[command(
        override_usage = "gongkai decide [申请件] [-o 文件] [--brief 文件] [--answer 题目=选项]… [--json]"
    )]
    Decide(DecideArgs),
    /// 推算期限：答复、延期、补正、征求意见、复议和诉讼
    #[command(
        override_usage = "gongkai deadline <申请件> [--on 日期] [--explain] [--json] [--ics 文件]\n      gongkai deadline --received 日期 --days 天数 [--extend 天数] [--suspend 起..止]… [--corrected 日期]\n      gongkai deadline due <文件夹> [--within 天数]\n      gongkai deadline recheck <文件夹>",
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true,
        after_help = DEADLINE_HELP
    )]
    Deadline(DeadlineArgs),
    /// 查救济告知：复议前置、任选还是别的，向谁申请，多长时间
    #[command(override_usage = "gongkai remedy --ground 依据… --date 日期 --organ 机关种类 [--json]")]
    Remedy(RemedyArgs),
    /// 推算信息处理费
    #[command(override_usage = "gongkai fee --items 件数 [--before 件数]\n      gongkai fee --pages 页数")]
    Fee(FeeArgs),
    /// 放假安排：看、导入新的通知
    #[command(override_usage = "gongkai calendar <命令>", subcommand)]
    Calendar(CalendarCommand),
    /// 设置：看哪个起作用、来自哪里；个人设置
    #[command(override_usage = "gongkai config <命令>", subcommand)]
    Config(ConfigCommand),
    /// 打一个包：手册、使用说明、校验值，拷到 U 盘上交给别的单位
    #[command(override_usage = "gongkai pack [--edition 版本] [--no-books] [-o 文件]")]
    Pack(ShareArgs),
    /// 用收到的包更新本机关的手册：先看改什么、影响什么，再更新
    #[command(
        override_usage = "gongkai update <更新包> [--requests 文件夹]… [--apply] [--force]\n      gongkai update --undo [--force]",
        after_help = UPDATE_HELP
    )]
    Update(UpdateArgs),
    /// 说明一条检查规则：为什么、依据、怎样改；不写规则就列出全部
    #[command(override_usage = "gongkai explain [规则]")]
    Explain {
        /// 规则的编号或名称，例如 remedy-class
        #[arg(value_name = "规则")]
        rule: Option<String>,
    },
    /// 导出给别的程序：一个 JSON，或者搜索引擎的批量文件
    #[command(
        override_usage = "gongkai export --json [--edition 版本] [-o 文件]\n      gongkai export --bulk elasticsearch|groonga --district 编号 [--district-name 名称] [--edition 版本] [--address 网址] [-o 文件夹] [--force]",
        after_help = EXPORT_HELP
    )]
    Export(ExportArgs),
    /// 打印内容文件的格式（JSON Schema）
    #[command(override_usage = "gongkai schema <种类>")]
    Schema(SchemaArgs),
    /// mdBook 的预处理接口（由 mdbook 命令调用）
    #[command(override_usage = "gongkai preprocess [supports <输出>]")]
    Preprocess(PreprocessArgs),
}

#[derive(Args)]
struct BuildArgs {
    /// 生成哪个版本：staff 工作人员用的全本，或者 book.toml 里写的别的版本，例如 public；不写就是 staff
    #[arg(long, value_name = "版本", default_value = STAFF, hide_default_value = true)]
    edition: String,
    /// 生成什么：html 网页、epub 电子书、pdf 印刷用的书；不写就是 html
    #[arg(long, value_enum, value_name = "格式", default_value_t = BookFormat::Html, hide_default_value = true, hide_possible_values = true)]
    format: BookFormat,
    /// pdf 的纸：a4，或者 16k（16 开，185×260 毫米）；不写就是 a4
    #[arg(long, value_enum, value_name = "开本", hide_possible_values = true)]
    paper: Option<PaperSize>,
    /// 网页输出到这个文件夹（不写就用 book.toml 里的 build-dir）
    #[arg(short, long, value_name = "文件夹")]
    dest: Option<PathBuf>,
    /// 电子书、PDF 写到这个文件（不写就放在 build-dir 旁边，例如 target/public.epub）
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// -o 写的文件已经存在时也写
    #[arg(long, requires = "output")]
    force: bool,
}

#[derive(Args)]
struct ShareArgs {
    /// 打哪个版本：staff 工作人员用的全本，或者 book.toml 里写的别的版本，例如 public；不写就是 staff
    #[arg(long, value_name = "版本", default_value = STAFF, hide_default_value = true)]
    edition: String,
    /// 写到这个 .zip（不写就放在 build-dir 旁边，例如 target/staff.zip）
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// 只带网页，不带电子书和 PDF
    #[arg(long)]
    no_books: bool,
    /// -o 写的文件已经存在时也写
    #[arg(long, requires = "output")]
    force: bool,
}

const UPDATE_HELP: &str = "怎样更新：
  · 不加 --apply 只看，什么也不改：列出改了什么，哪些页面、文书、申请件受影响，哪些文件和本机的改动冲突。在终端里会问要不要更新。
  · 本机自己改过的文件不动：新的放在 .gongkai/new 里，自己对照。book.toml、申请件、登记册从不改动。
  · 要么全部更新，要么一个也不改；换下来的旧文件在 .gongkai/backup-… 里，--undo 退回去。
  · 只用从上级或者编印单位直接拿到的包：校验值能查出文件坏了，查不出包是谁做的。
结束代码：0 没有要更新的，或者没有冲突；1 有冲突、有错误，要人看；2 命令写错或电脑上的问题。";

#[derive(Args)]
struct UpdateArgs {
    /// gongkai pack 做出来的 .zip
    #[arg(value_name = "更新包", conflicts_with = "undo")]
    pack: Option<PathBuf>,
    /// 申请件在哪个文件夹（不写就是手册的文件夹），连同里面的文件夹；可以写多次
    #[arg(long, value_name = "文件夹", conflicts_with = "undo")]
    requests: Vec<PathBuf>,
    /// 看过以后真的更新，不再询问
    #[arg(long, conflicts_with = "undo")]
    apply: bool,
    /// 退回到上一次更新以前
    #[arg(long)]
    undo: bool,
    /// 更新以后内容会有错误、包比上次的旧，也更新；退回时，更新以后又改过的文件也退回
    #[arg(long)]
    force: bool,
}

#[derive(Args)]
struct ServeArgs {
    /// 地址；默认 127.0.0.1，只有本机能看
    #[arg(long, value_name = "地址", default_value = "127.0.0.1", hide_default_value = true)]
    host: String,
    /// 端口；默认 3000
    #[arg(short, long, value_name = "端口", default_value_t = 3000, hide_default_value = true)]
    port: u16,
}

#[derive(Args)]
struct CheckArgs {
    /// 只列出比所引用的法规旧、要复核的页面，以及改了什么
    #[arg(long)]
    radar: bool,
    /// 只列出核对日期超过这么多天的页面
    #[arg(long, value_name = "天数", conflicts_with = "radar")]
    stale: Option<u32>,
    /// 按这一天算（不写就是今天）
    #[arg(long, value_name = "日期", requires = "stale")]
    on: Option<String>,
    /// 只列出还没有审核、或者审核以后又改过的页面
    #[arg(long, conflicts_with_all = ["radar", "stale"])]
    unreviewed: bool,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct InitArgs {
    /// 新手册的文件夹，要么还不存在，要么是空的
    #[arg(value_name = "文件夹")]
    folder: PathBuf,
    /// 不带现成内容，每种文件只放一个带说明的示例
    #[arg(long)]
    bare: bool,
}

#[derive(Subcommand)]
enum RequestCommand {
    /// 登记一件申请：编号、收到日、登记回执、全部期限；没有写的会一项一项问
    #[command(
        override_usage = "gongkai request new [--dir 文件夹] [--channel 方式] [--date 日期] [--applicant 申请人] [--item 内容]…"
    )]
    New(RequestNewArgs),
    /// 在申请件里记一件事：通知补正、征求意见、收到意见、延期、发出、送达……
    #[command(
        override_usage = "gongkai request add <申请件> <事情> [--date 日期] [--set 名称=内容]…",
        after_help = ADD_HELP
    )]
    Add(RequestAddArgs),
    /// 查一件申请的文件夹：缺哪些材料，哪些日期有矛盾
    #[command(override_usage = "gongkai request check <文件夹> [--json]")]
    Check(RequestCheckArgs),
}

#[derive(Args)]
struct RequestCheckArgs {
    /// 放这件申请材料的文件夹
    #[arg(value_name = "文件夹")]
    folder: PathBuf,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct RequestNewArgs {
    /// 放申请件的文件夹（不写就是当前文件夹）
    #[arg(long = "dir", value_name = "文件夹", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
    /// 当面、口头、邮寄签收、平信、网络、电子邮件、传真
    #[arg(long, value_name = "方式")]
    channel: Option<String>,
    /// 到达或者签收的日期；不知道写 未知
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    /// 几点，例如 17:20
    #[arg(long, value_name = "时间")]
    time: Option<String>,
    /// 平信、网络、传真：与申请人确认的日期
    #[arg(long, value_name = "日期")]
    confirmed: Option<String>,
    /// 怎样确认的，例如 电话方式
    #[arg(long, value_name = "方式")]
    how: Option<String>,
    /// 申请人一方谁确认的
    #[arg(long, value_name = "姓名")]
    confirmed_by: Option<String>,
    /// 申请人姓名或者名称
    #[arg(long, value_name = "申请人")]
    applicant: Option<String>,
    /// 正文怎样称呼：你、您、你单位、贵单位
    #[arg(long, value_name = "称呼")]
    you: Option<String>,
    /// 申请的内容，一项写一次
    #[arg(long, value_name = "内容")]
    item: Vec<String>,
    /// 今天是哪天（不写就看电脑）
    #[arg(long, value_name = "日期")]
    on: Option<String>,
}

#[derive(Args)]
struct RequestAddArgs {
    /// 申请件
    #[arg(value_name = "申请件")]
    file: PathBuf,
    /// 例如 收到补正
    #[arg(value_name = "事情")]
    kind: String,
    /// 哪一天（不写就是今天）
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    /// 其他内容，例如 --set until=2026-10-20；可以写多次
    #[arg(long, value_name = "名称=内容")]
    set: Vec<String>,
}

#[derive(Args)]
struct DecideArgs {
    /// 有办理记录的申请件；申请人、收到日、申请内容从这里取
    #[arg(value_name = "申请件")]
    file: Option<PathBuf>,
    /// 结论对应的文书的申请件写到这里（不写就和申请件放在一起）；写 - 就打印出来
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// 呈批说明（一页 Word）写到这里
    #[arg(long, value_name = "文件")]
    brief: Option<PathBuf>,
    /// 先答好一题，例如 --answer stage=new；可以写多次，答好的不再问
    #[arg(long, value_name = "题目=选项")]
    answer: Vec<String>,
    /// 今天是哪天（不写就看电脑）
    #[arg(long, value_name = "日期")]
    on: Option<String>,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
    /// 文件已经存在时也写
    #[arg(long)]
    force: bool,
}

#[derive(Args)]
struct RemedyArgs {
    /// 答复的依据：15、36(4)、第三十九条第一款、信息不存在……；一份答复有几种的写多次
    #[arg(long, value_name = "依据", required = true)]
    ground: Vec<String>,
    /// 答复作出的日期
    #[arg(long, value_name = "日期")]
    date: String,
    /// 本机关是哪一种：department 地方政府工作部门、local-government 市县政府、township 乡镇政府、provincial-government 省级政府、dispatched-organ 派出机关、branch 派出机构、authorised 授权的组织、state-council-department 国务院部门、state-council-branch 国务院部门的派出机构和授权组织、vertical 垂直领导机关、tax 税务、state-security 国家安全、justice 司法行政；不写就用机关设置里的
    #[arg(long, value_name = "机关种类")]
    organ: Option<String>,
    /// 复议机关的全称，写进告知文字
    #[arg(long, value_name = "全称")]
    body: Option<String>,
    /// 通过互联网送达的，写网上提交复议申请的渠道
    #[arg(long, value_name = "渠道")]
    online: Option<String>,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct FeeArgs {
    /// 按件：这一次有几件
    #[arg(long, value_name = "件数")]
    items: Option<u32>,
    /// 按件：同一申请人这个自然月前面已经有几件
    #[arg(long, value_name = "件数", default_value_t = 0, hide_default_value = true)]
    before: u32,
    /// 按量：这一件有几页
    #[arg(long, value_name = "页数")]
    pages: Option<u32>,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum CalendarCommand {
    /// 看有哪些通知，或者看一年
    #[command(override_usage = "gongkai calendar show [年份] [--json]")]
    Show {
        /// 例如 2026
        #[arg(value_name = "年份")]
        year: Option<i16>,
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 导入一年的放假安排：.toml、.json、.ics
    #[command(override_usage = "gongkai calendar add <文件> [--number 文号] [--date 印发日期] [--force]")]
    Add(CalendarAddArgs),
}

#[derive(Args)]
struct CalendarAddArgs {
    /// 例如 2027.toml
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 通知的文号；.toml 里已经有，不用写
    #[arg(long, value_name = "文号")]
    number: Option<String>,
    /// 通知的印发日期；.toml 里已经有，不用写
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    /// 哪一年（文件里有几年时写）
    #[arg(long, value_name = "年份")]
    year: Option<i16>,
    /// 这一年已经有时也换掉
    #[arg(long)]
    force: bool,
}

const ADD_HELP: &str = "能记的事情，和 --set 里要写的：
  确认收到日、联系不上
  通知补正 until=补正期限；顺延补正期限 until=新的期限；收到补正；逾期未补正
  征求意见 whom=第三方|共同制作机关|其他机关|协商机关|主管部门 party=对方名称 items=1,2
  送达 document=征求意见书|补正告知|收费通知|答复 party=对方名称
  收到意见 party=对方名称 view=同意公开|不同意公开|部分同意|其他
  延期 days=天数 approver=批准人
  要求说明理由 until=期限；说明理由；延迟答复 until=合理期限
  收费通知 amount=金额；缴费；逾期未缴费
  作出决定 items=1,2；发出 document=答复|延期告知|其他文书 method=邮寄|直接送达|委托送达|网络；退回；拒收；撤回
  收到复议申请书副本 procedure=普通程序|简易程序；提交复议答复；收到复议决定；收到起诉状副本；提交答辩状
例如：gongkai request add 20260001.toml 征求意见 --date 2026-11-26 --set whom=第三方 --set party=示例公司";

const DEADLINE_HELP: &str = "怎样数：
  · 收到的当天不数，从次日数起。
  · 工作日：周末和放假不数，调休上班的周末要数；最后一天总是工作日。日和月：最后一天是休息日的，顺延到下一个工作日。
  · --suspend 起..止：征求意见发出的当天和收到意见的当天都不数；结果里另给“发出当天也数”的算法。几段重叠的只扣一次。
  · --extend 在扣除以后再加。--corrected 从收到补正的次日起重新计算。
  · 放假安排没有公布的年份不推算；加 --provisional 得到“暂定”的日期。";

#[derive(Args)]
struct DeadlineArgs {
    #[command(subcommand)]
    command: Option<DeadlineCommand>,
    /// 有办理记录（events）的申请件
    #[arg(value_name = "申请件")]
    file: Option<PathBuf>,
    /// 收到日，例如 2026-04-27
    #[arg(long, value_name = "日期")]
    received: Option<String>,
    /// 期限多长，例如 20
    #[arg(long, value_name = "天数")]
    days: Option<u32>,
    /// 单位：workday 工作日（默认）、day 日、month 月
    #[arg(long, value_name = "单位")]
    unit: Option<String>,
    /// 延长多少，最多 20
    #[arg(long, value_name = "天数")]
    extend: Option<u32>,
    /// 征求意见，从发出到收到，例如 2026-05-06..2026-05-20；可以写多次
    #[arg(long, value_name = "起..止")]
    suspend: Vec<String>,
    /// 收到补正的日期
    #[arg(long, value_name = "日期")]
    corrected: Option<String>,
    /// 按哪一天看（不写就是今天）；只用于申请件
    #[arg(long, value_name = "日期")]
    on: Option<String>,
    /// 一天一天列出来：算不算、为什么、第几天
    #[arg(long)]
    explain: bool,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
    /// 期限另存成日历文件（.ics），可以导入手机和电脑的日历
    #[arg(long, value_name = "文件")]
    ics: Option<PathBuf>,
    /// 放假安排还没有公布的，也给出暂定的日期
    #[arg(long)]
    provisional: bool,
    /// 日历文件已经存在时也写
    #[arg(long)]
    force: bool,
}

#[derive(Subcommand)]
enum DeadlineCommand {
    /// 列出一个文件夹里快到期的申请件，超期的在前
    #[command(override_usage = "gongkai deadline due <文件夹> [--within 天数] [--on 日期] [--json]")]
    Due(DueArgs),
    /// 新的放假通知导入以后，看哪些没办结的申请件期限变了
    #[command(override_usage = "gongkai deadline recheck <文件夹> [--since 日期] [--on 日期] [--json]")]
    Recheck(RecheckArgs),
}

#[derive(Args)]
struct DueArgs {
    /// 放申请件的文件夹，连同里面的文件夹
    #[arg(value_name = "文件夹")]
    folder: PathBuf,
    /// 几个工作日以内
    #[arg(long, value_name = "天数", default_value_t = 5, hide_default_value = true)]
    within: u32,
    /// 按哪一天看（不写就是今天）
    #[arg(long, value_name = "日期")]
    on: Option<String>,
    /// 放假安排还没有公布的，也给出暂定的日期
    #[arg(long)]
    provisional: bool,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct RecheckArgs {
    /// 放申请件的文件夹，连同里面的文件夹
    #[arg(value_name = "文件夹")]
    folder: PathBuf,
    /// 和这一天以前的放假安排比（不写就是最新一份通知印发以前）
    #[arg(long, value_name = "日期")]
    since: Option<String>,
    /// 按哪一天看（不写就是今天）
    #[arg(long, value_name = "日期")]
    on: Option<String>,
    /// 已经办结的也看
    #[arg(long)]
    all: bool,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// 每一项设置现在是什么、来自哪个文件哪一行、盖过了什么；没有写的有什么用
    #[command(override_usage = "gongkai config show [--json]")]
    Show {
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 个人设置的文件在哪里
    #[command(override_usage = "gongkai config path")]
    Path,
    /// 写一项个人设置：contact 联系人、phone 联系电话
    #[command(override_usage = "gongkai config set <名称> <内容>")]
    Set {
        /// contact 或者 phone
        #[arg(value_name = "名称")]
        key: String,
        /// 例如 王某；写成 \"\" 就是不设
        #[arg(value_name = "内容")]
        value: String,
    },
}

#[derive(Args)]
struct SchemaArgs {
    /// law 法规、case 案例、question 问答、policy 政策、guide 指南页、clause 条款、shell 文书框架、agency 机关设置、request 申请件的办理记录、export 导出的 JSON，或者 letter:文书编号
    #[arg(value_name = "种类")]
    kind: String,
}

const EXPORT_HELP: &str = "--json 打印整本手册：法规、条文、案例、问答、政策、文书、指南、自测、演练、术语、引用，各带核实程度、待核事项和审核情况。
  格式和每一项的意思：gongkai schema export。要点和原文分开；文书只有模板，没有填好的内容。
--bulk 写出一个文件夹：记录、索引的设置、使用说明，全省各地区的可以装进同一个搜索引擎。
  给公众查的，用 --edition public 导出，另建一个索引。elasticsearch 也能用于 OpenSearch。一条法条、页面的一段各是一条记录，编号是 地区/版本/位置，再导出也不变。
  几个地区可以导出到同一个文件夹；已有的、内容不同的文件不动，除非加 --force。";

#[derive(Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["json", "bulk"]))]
struct ExportArgs {
    /// 导出哪个版本：staff 工作人员用的全本，或者 book.toml 里写的别的版本，例如 public；不写就是 staff
    #[arg(long, value_name = "版本", default_value = STAFF, hide_default_value = true)]
    edition: String,
    /// 整本手册用一个 JSON 打印出来
    #[arg(long)]
    json: bool,
    /// 给哪种搜索引擎：elasticsearch（也能用于 OpenSearch）、groonga
    #[arg(long, value_name = "引擎", requires = "district")]
    bulk: Option<String>,
    /// 地区编号，每个地区不同，例如行政区划代码；定了不再改
    #[arg(long, value_name = "编号", requires = "bulk", conflicts_with = "json")]
    district: Option<String>,
    /// 地区名称（不写就用机关全称，没有设机关全称就用编号）
    #[arg(long, value_name = "名称", requires = "bulk", conflicts_with = "json")]
    district_name: Option<String>,
    /// 这本手册首页所在的网址，每条记录带完整的网址（不写就用 book.toml 里这个版本的 address）
    #[arg(long, value_name = "网址")]
    address: Option<String>,
    /// 批量文件写到这个文件夹（不写就是 target 里的 版本-引擎，例如 staff-groonga）；JSON 写到这个文件，不写就打印出来
    #[arg(short, long, value_name = "文件夹或者文件")]
    output: Option<PathBuf>,
    /// 已有的、内容不同的文件也换掉
    #[arg(long)]
    force: bool,
}

#[derive(Args)]
struct PreprocessArgs {
    /// supports 输出名称
    #[arg(value_name = "supports", num_args = 0..=2)]
    words: Vec<String>,
}

#[derive(Subcommand)]
enum LawCommand {
    /// 列出全部法规和它们的版本
    #[command(override_usage = "gongkai law list [--json]")]
    List {
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 导入官方文本：.docx、.html、.txt、.md
    #[command(override_usage = "gongkai law import <文件>… [--id 编号] [--effective 日期] [--yes]")]
    Import(ImportArgs),
    /// 看一个文件会被读成什么样，不导入
    #[command(override_usage = "gongkai law parse <文件> [--json]")]
    Parse {
        /// 法规文件：.docx、.html、.txt、.md
        #[arg(value_name = "文件")]
        file: PathBuf,
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 查条文；加 --on 查某一天有效的版本
    #[command(override_usage = "gongkai law show <条文> [--on 日期]")]
    Show {
        /// 例如 政府信息公开条例第三十六条
        #[arg(value_name = "条文")]
        citation: String,
        /// 哪一天有效的版本，例如 2018-06-01
        #[arg(long, value_name = "日期")]
        on: Option<String>,
    },
    /// 比较两个版本：新增、删去、修改、只改条号
    #[command(override_usage = "gongkai law diff <法规> [旧版本] [新版本] [--json]")]
    Diff {
        /// 法规的编号或名称
        #[arg(value_name = "法规")]
        law: String,
        /// 施行日期、公布日期或者版本名称；不写就是最近导入的两个版本
        #[arg(value_name = "旧版本")]
        from: Option<String>,
        /// 同上
        #[arg(value_name = "新版本")]
        to: Option<String>,
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct ImportArgs {
    /// 一个或几个文件
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    /// 法规编号；手册里已有的按标题自动认
    #[arg(long, value_name = "编号")]
    id: Option<String>,
    /// 这个版本的施行日期，例如 2019-05-15；不知道写 未知
    #[arg(long, value_name = "日期")]
    effective: Option<String>,
    /// 文号，例如 国务院令第711号
    #[arg(long, value_name = "文号")]
    number: Option<String>,
    /// 不询问：已经导入过的直接换掉，查不出的施行日期记作未知
    #[arg(long)]
    yes: bool,
}

#[derive(Args)]
struct SearchArgs {
    /// 要查的词、问题或条号，例如 重复申请、条例36条、多久必须答复、cfsq
    #[arg(value_name = "词", required = true)]
    words: Vec<String>,
    /// 只查一类：法规、问答、案例、文书、政策、指南、工具、练习
    #[arg(long, value_name = "种类")]
    kind: Option<String>,
    /// 最多列几条（不写就是 10）
    #[arg(long, value_name = "条数", default_value_t = 10, hide_default_value = true)]
    limit: usize,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct CiteArgs {
    /// 文本文件；不写或写 - 就从标准输入读
    #[arg(value_name = "文件")]
    file: Option<PathBuf>,
    /// “本法”“本条例”指哪一部：名称或编号
    #[arg(long = "self", value_name = "法规")]
    own: Option<String>,
    /// 这段文字在第几条第几款，例如 149 或 149.1
    #[arg(long, value_name = "条.款")]
    at: Option<String>,
    /// 按哪一天有效的版本核对，例如 2018-06-01
    #[arg(long, value_name = "日期")]
    on: Option<String>,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum LetterCommand {
    /// 列出全部文书
    #[command(override_usage = "gongkai letter list [--json]")]
    List {
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 查看一种文书：什么时候用、要填什么、依据、相关案例
    #[command(override_usage = "gongkai letter show <编号> [--json]")]
    Show {
        /// 文书编号或名称
        #[arg(value_name = "编号")]
        id: String,
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 得到一张带说明的空表（申请件）
    #[command(override_usage = "gongkai letter new <编号> [--item 文书]… [-o 文件] [--example]")]
    New {
        /// 文书编号或名称
        #[arg(value_name = "编号")]
        id: String,
        /// 几项分别答复时，其中一项用哪种文书的内容；可以写多次
        #[arg(long = "item", value_name = "文书")]
        items: Vec<String>,
        /// 写到这个文件（不写就打印出来）
        #[arg(short, long, value_name = "文件")]
        output: Option<PathBuf>,
        /// 填上虚构的示例
        #[arg(long)]
        example: bool,
        /// 文件已经存在时也写
        #[arg(long)]
        force: bool,
    },
    /// 得到一张登记表（.xlsx），一行一份文书，不用写 TOML
    #[command(override_usage = "gongkai letter sheet <文书> [-o 登记表.xlsx] [--example]")]
    Sheet {
        /// 文书编号或名称
        #[arg(value_name = "文书")]
        id: String,
        /// 写到这个文件（不写就是当前文件夹里的 登记表.xlsx）
        #[arg(short, long, value_name = "文件")]
        output: Option<PathBuf>,
        /// 填上虚构的示例
        #[arg(long)]
        example: bool,
        /// 文件已经存在时也写
        #[arg(long)]
        force: bool,
    },
    /// 由一张表生成许多份文书，一行一份
    #[command(
        override_usage = "gongkai letter batch <表格> --out <文件夹> [--template 文书] [--format 格式] [--date 日期] [--set 名称=内容]…",
        after_help = BATCH_HELP
    )]
    Batch(BatchArgs),
    /// 由填好的申请件生成文书
    #[command(
        override_usage = "gongkai letter fill <申请件> [-o 文件] [--format docx|txt|md] [--date 日期] [--set 名称=内容]… [--take-number]"
    )]
    Fill(FillArgs),
    /// 由申请件生成一套：文书、审批单、呈批说明、送达回证、信封、案卷目录
    #[command(
        override_usage = "gongkai letter pack <申请件> [-o 文件夹] [--format docx|txt|md] [--date 日期]"
    )]
    Pack(PackArgs),
    /// 看一份 .docx 是哪个模板、哪时的法规和放假安排生成的，之后文字改过没有
    #[command(override_usage = "gongkai letter verify <文书.docx> [--json]")]
    Verify {
        /// gongkai 生成的 .docx
        #[arg(value_name = "文书")]
        file: PathBuf,
        /// 结果用 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 取文号：登记在文号登记册里，写进申请件；几个人同时取也不重号、不漏号
    #[command(
        override_usage = "gongkai letter number <申请件> [--date 日期] [--register 文件] [--from 序号]\n      gongkai letter number --void 文号 --reason 原因"
    )]
    Number(NumberArgs),
    /// 检查写好的文书：占位符、条文、救济、期限、文号、个人信息、修订和批注；也能检查申请件
    #[command(
        override_usage = "gongkai letter check <文书.docx|申请件.toml> [--date 日期] [--json] [--sarif]"
    )]
    Check(LetterCheckArgs),
    /// 一问一答，生成文书
    #[command(override_usage = "gongkai letter ask <编号> [-o 文件] [--format docx|txt|md]")]
    Ask {
        /// 文书编号或名称
        #[arg(value_name = "编号")]
        id: String,
        #[command(flatten)]
        target: Target,
    },
}

const BATCH_HELP: &str = "表格：
  · .xlsx，或者 .csv（UTF-8、GB18030、UTF-16 都行）。第一行写列名，用文书的中文栏目名；gongkai letter sheet 给出做好的空表。
  · 有错的行不生成，别的行照样生成；错在哪张表、第几行、第几列，一次全部列出来。
结果：
  · 文件名：序号、申请人、文书名称。文件夹里的 结果.csv 列出每一行的文件、状态、答复期限和说明。
  · 中途停了，再运行一次就接着做，结果一样；已有的、内容不同的文件（改过的）不动，除非加 --force。
文号：
  · “文号”一列写“自动”（或者加 --set 文号=自动），按行的次序从登记册取号，取过的行再运行还是原来的号；有错的行不占号。
  · 程序靠“序号”认行：取过号的行不要改序号、换位置，新的加在最后。";

#[derive(Args)]
struct BatchArgs {
    /// 填好的表格：.xlsx 或者 .csv
    #[arg(value_name = "表格")]
    table: PathBuf,
    /// 文书编号或名称；letter sheet 给出的表不用写
    #[arg(long, value_name = "文书")]
    template: Option<String>,
    /// 文书放到这个文件夹
    #[arg(long, value_name = "文件夹")]
    out: PathBuf,
    /// 格式，和 letter fill 一样
    #[arg(long, value_name = "格式", hide_possible_values = true)]
    format: Option<Format>,
    /// 每一份的落款日期，例如 2026-11-23；表里不用这一列
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    /// 每一份都填的内容，例如 --set 联系人=王某；表里不用这一列，可以写多次
    #[arg(long, value_name = "名称=内容")]
    set: Vec<String>,
    /// 已有的、内容不同的文件也换掉
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    numbering: Numbering,
}

#[derive(Args)]
struct PackArgs {
    /// 填好的申请件
    #[arg(value_name = "申请件")]
    request: PathBuf,
    /// 放到这个文件夹（不写就放在申请件旁边的“文件名-案卷”）
    #[arg(short, long, value_name = "文件夹")]
    output: Option<PathBuf>,
    /// 落款日期，例如 2026-11-23；比申请件里写的优先
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    /// 填一项内容，例如 --set applicant=张某；比申请件里写的优先，可以写多次
    #[arg(long, value_name = "名称=内容")]
    set: Vec<String>,
    /// 格式，和 letter fill 一样
    #[arg(long, value_name = "格式", hide_possible_values = true)]
    format: Option<Format>,
    /// 文件已经存在时也写
    #[arg(long)]
    force: bool,
}

#[derive(Args)]
struct FillArgs {
    /// 填好的申请件，或者只填了一行的登记表（.xlsx、.csv）；写 - 就从标准输入读
    #[arg(value_name = "申请件")]
    request: PathBuf,
    /// 落款日期，例如 2026-11-23；比申请件里写的优先
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    /// 填一项内容，例如 --set applicant=张某；比申请件里写的优先，可以写多次
    #[arg(long, value_name = "名称=内容")]
    set: Vec<String>,
    /// 先取文号，登记并写进申请件，再生成文书
    #[arg(long)]
    take_number: bool,
    #[command(flatten)]
    numbering: Numbering,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
struct NumberArgs {
    /// 填好的申请件，文号空着；已经取过号的还是原来的号
    #[arg(value_name = "申请件", required_unless_present = "void")]
    request: Option<PathBuf>,
    /// 落款日期，例如 2026-11-23；取这一年的号；比申请件里写的优先
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    #[command(flatten)]
    numbering: Numbering,
    /// 作废一个文号，不再使用，例如 示例公开〔2026〕12号
    #[arg(long, value_name = "文号", requires = "reason", conflicts_with_all = ["request", "date", "from"])]
    void: Option<String>,
    /// 作废的原因，登记在登记册里；不写个人信息
    #[arg(long, value_name = "原因", requires = "void")]
    reason: Option<String>,
}

#[derive(Args)]
struct Numbering {
    /// 文号登记册（不写就是机关设置里的，没有设就是手册文件夹里的 numbers.csv）
    #[arg(long, value_name = "文件")]
    register: Option<PathBuf>,
    /// 今年前面的号已经手工用过的，从几号开始取；登记册里已经有今年的号就不能写
    #[arg(long, value_name = "序号", value_parser = clap::value_parser!(u32).range(1..))]
    from: Option<u32>,
}

#[derive(Args)]
struct LetterCheckArgs {
    /// 文书（.docx、.txt、.md）或者申请件（.toml）
    #[arg(value_name = "文书")]
    file: PathBuf,
    /// 文书没有落款日期时按这一天核对；申请件的落款换成这一天
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    /// 结果用 JSON 输出
    #[arg(long)]
    json: bool,
    /// 结果用 SARIF 2.1.0 输出
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
}

#[derive(Args)]
struct Target {
    /// 写到这个文件（不写就和申请件放在一起，文件名相同）；写 - 就打印出来
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// 格式：docx（Word、WPS，默认）、pdf、html、txt、md
    #[arg(long, value_name = "格式", hide_possible_values = true)]
    format: Option<Format>,
    /// 文件已经存在时也写
    #[arg(long)]
    force: bool,
}

/// What an edition is made as.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum BookFormat {
    Html,
    Epub,
    Pdf,
}

/// What a book is printed on.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PaperSize {
    A4,
    #[value(name = "16k", alias = "16开")]
    K16,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Docx,
    Pdf,
    Html,
    Txt,
    Md,
}

/// Runs the program with its arguments (the first is the program's name).
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match usage::chinese(Cli::command()).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage::explain(&error),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage::explain(&error),
    };
    output::install_log();
    match run(cli) {
        Ok(Ending::Fine) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(1),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Ending> {
    let root = cli.root.as_deref();
    match cli.command {
        Command::Build(args) => build::run(root, &args),
        Command::Serve(args) => serve::run(root, &args.host, args.port),
        Command::Check(args) if args.radar => check::radar(root, args.json),
        Command::Check(CheckArgs { stale: Some(days), on, json, .. }) => {
            check::stale(root, days, on.as_deref(), json)
        }
        Command::Check(args) if args.unreviewed => check::unreviewed(root, args.json),
        Command::Check(args) => check::run(root, args.json),
        Command::Init(args) => init::run(&args.folder, args.bare),
        Command::Letter(command) => letter::run(root, command),
        Command::Law(command) => law::run(root, command),
        Command::Stats { json } => stats::run(root, json),
        Command::Search(args) => {
            let query = args.words.join(" ");
            let kind = args.kind.as_deref();
            search::run(root, &search::Asked { query: &query, kind, limit: args.limit, json: args.json })
        }
        Command::Cite(args) => {
            let CiteArgs { file, own, at, on, json } = args;
            cite::run(root, &cite::Options { file, own, at, on, json })
        }
        Command::Request(command) => request::run(root, &command),
        Command::Decide(args) => decide::run(root, &args),
        Command::Deadline(args) => deadline::run(root, &args),
        Command::Remedy(args) => remedy::run(root, &args),
        Command::Fee(args) => fee::run(root, &args),
        Command::Calendar(command) => calendar::run(root, &command),
        Command::Config(command) => config::run(root, &command),
        Command::Pack(args) => share::run(root, &args),
        Command::Update(args) => update::run(root, &args),
        Command::Explain { rule } => review::explain(rule.as_deref()),
        Command::Export(args) => export::run(root, &args),
        Command::Schema(args) => schema::run(root, &args.kind),
        Command::Preprocess(args) => preprocess::run(&args.words),
    }
}
