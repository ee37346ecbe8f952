//! clap in Chinese: help texts and what to say when a command is written wrongly.

use super::output;
use crate::text::nearest;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use std::process::ExitCode;

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n";

/// The command with Chinese headings, in all its subcommands.
pub fn chinese(command: Command) -> Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help("显示帮助")
        .help_heading("选项");
    let command = command
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .arg(help)
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            arg.help_heading(heading)
        });
    let command = if command.get_name() == "gongkai" {
        let version =
            Arg::new("version").short('V').long("version").action(ArgAction::Version).help("显示版本");
        command.arg(version.help_heading("选项"))
    } else {
        command
    };
    command.mut_subcommands(chinese)
}

/// Shows help or version, or says in Chinese what is wrong with the command line.
pub fn explain(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match output::print(&error.to_string()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(2),
        };
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        output::note(&error.to_string());
        return ExitCode::from(2);
    }
    output::note(&format!(
        "错误: {}\n提示: 加上 --help 看用法，例如 gongkai --help 或 gongkai letter --help",
        message(error)
    ));
    ExitCode::from(2)
}

fn message(error: &clap::Error) -> String {
    let get = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        _ => String::new(),
    };
    let argument = get(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let suggested = get(ContextKind::SuggestedArg);
            let mean = if suggested.is_empty() {
                String::new()
            } else {
                format!("，您是不是要写 {suggested}？")
            };
            format!("不认识「{argument}」{mean}")
        }
        ErrorKind::InvalidSubcommand => {
            let word = get(ContextKind::InvalidSubcommand);
            let known = [
                "build", "serve", "check", "cite", "init", "law", "letter", "schema", "list", "show", "new",
                "fill", "ask", "sheet", "batch", "import", "parse", "diff", "export",
            ];
            let mean = nearest(&word, known).map(|w| format!("，您是不是要写 {w}？")).unwrap_or_default();
            format!("没有「{word}」这个命令{mean}")
        }
        ErrorKind::MissingRequiredArgument => format!("还缺：{argument}"),
        ErrorKind::MissingSubcommand => "没有写要做什么".to_owned(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let (value, valid) = (get(ContextKind::InvalidValue), get(ContextKind::ValidValue));
            let choose = if valid.is_empty() { String::new() } else { format!("，可以写 {valid}") };
            if value.is_empty() {
                format!("{argument} 后面没有写内容{choose}")
            } else {
                format!("{argument} 不能写「{value}」{choose}")
            }
        }
        ErrorKind::ArgumentConflict => format!("「{argument}」重复，或者不能和别的选项一起用"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} 后面内容的个数不对")
        }
        ErrorKind::InvalidUtf8 => "命令里有认不出的字符".to_owned(),
        _ => error.to_string(),
    }
}
