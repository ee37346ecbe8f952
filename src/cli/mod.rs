//! The commands: one file per subcommand. Exit codes: 0 fine, 1 findings in content or input, 2 wrong usage or
//! machine trouble.
//!
//! Only this room knows clap, anyhow at the top, progress bars and prompts.

mod build;
mod check;
mod cite;
mod init;
mod law;
mod letter;
mod output;
mod preprocess;
mod project;
mod schema;
mod serve;
mod usage;

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
    #[command(override_usage = "gongkai build [-d 文件夹]")]
    Build(BuildArgs),
    /// 在本机打开手册，内容改动后自动刷新
    #[command(override_usage = "gongkai serve [--host 地址] [--port 端口]")]
    Serve(ServeArgs),
    /// 检查全部内容、引用和链接，一次列出所有问题
    #[command(override_usage = "gongkai check [--radar] [--json]")]
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
    /// 找出一段文字里引用的条文，核对是否存在
    #[command(override_usage = "gongkai cite [文件] [--self 法规] [--at 条.款] [--on 日期] [--json]")]
    Cite(CiteArgs),
    /// 打印内容文件的格式（JSON Schema）
    #[command(override_usage = "gongkai schema <种类>")]
    Schema(SchemaArgs),
    /// mdBook 的预处理接口（由 mdbook 命令调用）
    #[command(override_usage = "gongkai preprocess [supports <输出>]")]
    Preprocess(PreprocessArgs),
}

#[derive(Args)]
struct BuildArgs {
    /// 输出到这个文件夹（不写就用 book.toml 里的 build-dir）
    #[arg(short, long, value_name = "文件夹")]
    dest: Option<PathBuf>,
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

#[derive(Args)]
struct SchemaArgs {
    /// law 法规、case 案例、question 问答、policy 政策、guide 指南页、clause 条款、shell 文书框架、agency 机关设置，或者 letter:文书编号
    #[arg(value_name = "种类")]
    kind: String,
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
    #[command(override_usage = "gongkai letter new <编号> [-o 文件] [--example]")]
    New {
        /// 文书编号或名称
        #[arg(value_name = "编号")]
        id: String,
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
    /// 由填好的申请件生成文书
    #[command(
        override_usage = "gongkai letter fill <申请件> [-o 文件] [--format docx|txt|md] [--date 日期] [--set 名称=内容]…"
    )]
    Fill(FillArgs),
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

#[derive(Args)]
struct FillArgs {
    /// 填好的申请件；写 - 就从标准输入读
    #[arg(value_name = "申请件")]
    request: PathBuf,
    /// 落款日期，例如 2026-11-23；比申请件里写的优先
    #[arg(long, value_name = "日期")]
    date: Option<String>,
    /// 填一项内容，例如 --set applicant=张某；比申请件里写的优先，可以写多次
    #[arg(long, value_name = "名称=内容")]
    set: Vec<String>,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
struct Target {
    /// 写到这个文件（不写就和申请件放在一起，文件名相同）；写 - 就打印出来
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// 格式：docx（Word、WPS，默认）、txt、md
    #[arg(long, value_name = "格式", hide_possible_values = true)]
    format: Option<Format>,
    /// 文件已经存在时也写
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Docx,
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
        Command::Build(args) => build::run(root, args.dest.as_deref()),
        Command::Serve(args) => serve::run(root, &args.host, args.port),
        Command::Check(args) if args.radar => check::radar(root, args.json),
        Command::Check(args) => check::run(root, args.json),
        Command::Init(args) => init::run(&args.folder, args.bare),
        Command::Letter(command) => letter::run(root, command),
        Command::Law(command) => law::run(root, command),
        Command::Cite(args) => {
            let CiteArgs { file, own, at, on, json } = args;
            cite::run(root, &cite::Options { file, own, at, on, json })
        }
        Command::Schema(args) => schema::run(root, &args.kind),
        Command::Preprocess(args) => preprocess::run(&args.words),
    }
}
