use super::*;

/// A page that is fine, with `body` behind its heading on line 3.
fn whole(path: &str, body: &str) -> Page {
    let html =
        format!("<!DOCTYPE html>\n<title>手册</title>\n<main><h1 id=\"top-1\">标题</h1>{body}</main>\n");
    Page { path: path.to_owned(), html }
}

fn raw(path: &str, html: &str) -> Page {
    Page { path: path.to_owned(), html: html.to_owned() }
}

fn files(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// Kinds and targets found on `laws/foi.html` with this body, beside a page of Chinese anchors, an
/// index in a folder and a picture.
fn found(body: &str) -> Vec<(Kind, String)> {
    findings(body).into_iter().map(|finding| (finding.kind, finding.target)).collect()
}

fn findings(body: &str) -> Vec<Finding> {
    let pages = [
        whole("laws/foi.html", body),
        whole("intro.html", "<p id=\"第一章\"></p><p id=\"art-36\"></p>"),
        whole("guide/index.html", ""),
    ];
    check(&pages, &files(&["images/seal.png", "Forms/Apply.docx", "法规/条例.pdf"]))
}

fn only(kind: Kind, target: &str) -> Vec<(Kind, String)> {
    vec![(kind, target.to_owned())]
}

fn hint(body: &str) -> Option<String> {
    findings(body).into_iter().next().and_then(|finding| finding.hint)
}

#[test]
fn a_page_without_faults_gives_no_findings() {
    assert_eq!(found("<a href=\"../intro.html#art-36\">x</a><img src=\"../images/seal.png\">"), []);
}

#[test]
fn a_link_to_a_file_that_does_not_exist_is_reported() {
    assert_eq!(found("<a href=\"../nowhere.html\">x</a>"), only(Kind::MissingFile, "../nowhere.html"));
}

#[test]
fn a_picture_that_does_not_exist_is_reported() {
    assert_eq!(found("<img src=\"no.png\">"), only(Kind::MissingFile, "no.png"));
}

#[test]
fn a_script_file_that_does_not_exist_is_reported() {
    assert_eq!(found("<script src=\"no.js\"></script>"), only(Kind::MissingFile, "no.js"));
}

#[test]
fn a_fragment_that_its_page_does_not_have_is_reported() {
    assert_eq!(
        found("<a href=\"../intro.html#art-99\">x</a>"),
        only(Kind::MissingFragment, "../intro.html#art-99")
    );
}

#[test]
fn a_fragment_without_a_path_means_the_same_page() {
    assert_eq!(found("<a href=\"#top-1\">x</a>"), []);
    assert_eq!(found("<a href=\"#art-36\">x</a>"), only(Kind::MissingFragment, "#art-36"));
}

#[test]
fn an_empty_fragment_and_top_mean_the_start_of_the_page() {
    assert_eq!(found("<a href=\"#\">x</a><a href=\"#top\">x</a><a href=\"../intro.html#\">x</a>"), []);
}

#[test]
fn a_named_anchor_is_a_target() {
    assert_eq!(found("<a name=\"old\"></a><a href=\"#old\">x</a>"), []);
}

#[test]
fn a_percent_encoded_chinese_fragment_finds_its_anchor() {
    assert_eq!(found("<a href=\"../intro.html#%E7%AC%AC%E4%B8%80%E7%AB%A0\">x</a>"), []);
}

#[test]
fn a_plain_chinese_fragment_finds_its_anchor() {
    assert_eq!(found("<a href=\"../intro.html#第一章\">x</a>"), []);
}

#[test]
fn a_percent_encoded_chinese_path_finds_its_file() {
    assert_eq!(found("<a href=\"../%E6%B3%95%E8%A7%84/%E6%9D%A1%E4%BE%8B.pdf\">x</a>"), []);
}

#[test]
fn entities_in_an_address_are_resolved() {
    assert_eq!(found("<a href=\"&#46;./intro.html?a=1&amp;b=2#art&#45;36\">x</a>"), []);
}

#[test]
fn a_query_does_not_belong_to_the_file_name() {
    assert_eq!(found("<a href=\"../intro.html?q=公开#art-36\">x</a><a href=\"?q=1#top-1\">x</a>"), []);
}

#[test]
fn a_text_fragment_does_not_belong_to_the_anchor() {
    assert_eq!(found("<a href=\"../intro.html#art-36:~:text=x\">x</a>"), []);
}

#[test]
fn a_link_to_a_folder_means_its_index() {
    assert_eq!(found("<a href=\"../guide/#top-1\">x</a>"), []);
    assert_eq!(found("<a href=\"./\">x</a>"), only(Kind::MissingFile, "./"));
}

#[test]
fn a_fragment_of_a_file_that_is_no_page_is_not_checked() {
    assert_eq!(found("<a href=\"../法规/条例.pdf#page=3\">x</a>"), []);
}

#[test]
fn a_file_name_in_other_letter_case_is_its_own_kind() {
    let body = "<a href=\"../forms/apply.docx\">x</a>";
    assert_eq!(found(body), only(Kind::WrongCase, "../forms/apply.docx"));
    assert_eq!(hint(body).as_deref(), Some("您是不是要写 ../Forms/Apply.docx"));
}

#[test]
fn an_id_used_twice_is_reported_where_it_stands_again() {
    let found = findings("\n<p id=\"a\"></p>\n<p id=\"a\"></p>");
    assert_eq!((found[0].kind, found[0].line), (Kind::DuplicateId, 5));
    assert_eq!(found[0].hint.as_deref(), Some("第一次出现在第 4 行，请改用另一个锚点"));
}

#[test]
fn the_same_id_on_two_pages_is_no_fault() {
    assert_eq!(found("<p id=\"art-36\"></p>"), []);
}

#[test]
fn a_page_without_a_title_is_reported() {
    let page = raw("a.html", "<main><h1>标题</h1></main>");
    assert_eq!(check(&[page], &files(&[]))[0].kind, Kind::MissingTitle);
}

#[test]
fn a_blank_title_is_no_title() {
    let page = raw("a.html", "<title> \n </title><main><h1>标题</h1></main>");
    assert_eq!(check(&[page], &files(&[]))[0].kind, Kind::MissingTitle);
}

#[test]
fn the_title_of_a_drawing_is_not_the_title_of_the_page() {
    let page = raw("a.html", "<svg><title>打印</title></svg><main><h1>标题</h1></main>");
    assert_eq!(check(&[page], &files(&[]))[0].kind, Kind::MissingTitle);
}

#[test]
fn a_heading_outside_main_does_not_count() {
    let page = raw("a.html", "<title>x</title><h1>手册</h1><main><p>正文</p></main>");
    assert_eq!(check(&[page], &files(&[]))[0].kind, Kind::MissingHeading);
}

#[test]
fn the_sidebar_page_needs_neither_title_nor_heading() {
    assert_eq!(check(&[raw("toc.html", "<ol></ol>")], &files(&[])), []);
}

#[test]
fn a_redirect_needs_no_heading_but_its_target_must_exist() {
    let html = "<title>转到</title><meta http-equiv=\"Refresh\" content=\"0; URL=gone.html\">";
    let found = check(&[raw("a.html", html)], &files(&[]));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].target.as_str()), (Kind::MissingFile, "gone.html"));
}

#[test]
fn resources_from_the_network_are_reported() {
    for body in [
        "<script src=\"https://cdn.cn/x.js\"></script>",
        "<link rel=\"stylesheet\" href=\"http://cdn.cn/x.css\">",
        "<img src=\"//cdn.cn/x.png\">",
        "<iframe src=\"HTTPS://cdn.cn/\"></iframe>",
        "<video><source src=\"https://cdn.cn/x.mp4\"></video>",
        "<svg><use xlink:href=\"https://cdn.cn/x.svg#a\"/></svg>",
    ] {
        assert_eq!(found(body).first().map(|found| found.0), Some(Kind::NetworkResource), "{body}");
    }
}

#[test]
fn links_to_the_web_mail_and_telephone_are_left_alone() {
    assert_eq!(
        found(
            "<a href=\"https://www.gov.cn/x.md\">x</a><a href=\"mailto:a@b.cn\">x</a>\
             <a href=\"tel:12345\">x</a><img src=\"data:image/png;base64,AA==\">"
        ),
        []
    );
}

#[test]
fn naming_the_canonical_address_loads_nothing() {
    assert_eq!(found("<link rel=\"canonical\" href=\"https://www.gov.cn/\">"), []);
}

#[test]
fn every_candidate_of_a_srcset_is_checked() {
    assert_eq!(
        found("<img srcset=\"../images/seal.png 1x, no.png 2x,//cdn.cn/a.png\">"),
        [(Kind::MissingFile, "no.png".to_owned()), (Kind::NetworkResource, "//cdn.cn/a.png".to_owned())]
    );
}

#[test]
fn a_comma_inside_a_data_address_does_not_split_a_srcset() {
    assert_eq!(
        srcset("data:image/gif;base64,AA 1x, a.png, b.png 2x"),
        ["data:image/gif;base64,AA", "a.png", "b.png"]
    );
}

#[test]
fn a_link_out_of_the_output_is_reported() {
    let body = "<a href=\"../../../intro.html\">x</a>";
    assert_eq!(found(body), only(Kind::OutsideRoot, "../../../intro.html"));
    assert_eq!(hint(body).as_deref(), Some("您是不是要写 ../intro.html"));
}

#[test]
fn encoded_dots_also_lead_out_of_the_output() {
    assert_eq!(
        found("<a href=\"../%2e%2e/intro.html\">x</a>"),
        only(Kind::OutsideRoot, "../%2e%2e/intro.html")
    );
}

#[test]
fn a_path_from_the_root_is_reported_with_its_relative_form() {
    let body = "<a href=\"/intro.html#art-36\">x</a>";
    assert_eq!(found(body), only(Kind::AbsolutePath, "/intro.html#art-36"));
    assert_eq!(hint(body).as_deref(), Some("您是不是要写 ../intro.html#art-36"));
}

#[test]
fn a_link_to_another_computer_is_an_absolute_path() {
    assert_eq!(found("<a href=\"\\\\server\\x.docx\">x</a>")[0].0, Kind::AbsolutePath);
    assert_eq!(found("<a href=\"//www.gov.cn/\">x</a>")[0].0, Kind::AbsolutePath);
}

#[test]
fn an_empty_or_blank_address_is_reported() {
    assert_eq!(found("<a href=\"\">x</a>"), only(Kind::EmptyLink, ""));
    assert_eq!(found("<a href=\" \n \">x</a>"), only(Kind::EmptyLink, ""));
    assert_eq!(found("<a href>x</a>"), only(Kind::EmptyLink, ""));
}

#[test]
fn an_a_without_href_is_no_link() {
    assert_eq!(found("<a id=\"x\">x</a>"), []);
}

#[test]
fn script_as_an_address_is_reported_however_it_is_written() {
    assert_eq!(found("<a href=\"javascript:void(0)\">x</a>")[0].0, Kind::ScriptLink);
    assert_eq!(found("<a href=\" JavaScript&#58;x()\">x</a>")[0].0, Kind::ScriptLink);
    assert_eq!(found("<a href=\"java\nscript:x()\">x</a>")[0].0, Kind::ScriptLink);
}

#[test]
fn a_markdown_link_that_was_not_rewritten_is_reported_with_its_page() {
    let body = "<a href=\"../intro.md#art-36\">x</a>";
    assert_eq!(found(body), only(Kind::MarkdownLink, "../intro.md#art-36"));
    assert_eq!(hint(body).as_deref(), Some("您是不是要写 ../intro.html#art-36"));
}

#[test]
fn a_readme_is_rendered_as_the_index_of_its_folder() {
    let body = "<a href=\"../guide/README.md\">x</a>";
    assert_eq!(hint(body).as_deref(), Some("您是不是要写 ../guide/index.html"));
}

#[test]
fn a_markdown_file_that_lies_in_the_output_may_be_linked() {
    let page = whole("a.html", "<a href=\"letter.md\">下载</a>");
    assert_eq!(check(&[page], &files(&["letter.md"])), []);
}

#[test]
fn a_file_of_the_writers_own_computer_is_reported() {
    assert_eq!(found("<a href=\"file:///C:/x.docx\">x</a>")[0].0, Kind::UnknownScheme);
    assert_eq!(found("<a href=\"C:\\x.docx\">x</a>")[0].0, Kind::UnknownScheme);
    assert_eq!(found("<a href=\"htps://www.gov.cn\">x</a>")[0].0, Kind::UnknownScheme);
}

#[test]
fn a_misspelt_file_is_suggested() {
    assert_eq!(hint("<a href=\"../intor.html\">x</a>").as_deref(), Some("您是不是要写 ../intro.html"));
}

#[test]
fn a_file_in_another_folder_is_suggested() {
    assert_eq!(
        hint("<a href=\"intro.html#art-36\">x</a>").as_deref(),
        Some("您是不是要写 ../intro.html#art-36")
    );
}

#[test]
fn a_misspelt_anchor_is_suggested() {
    assert_eq!(
        hint("<a href=\"../intro.html#art-63\">x</a>").as_deref(),
        Some("您是不是要写 ../intro.html#art-36")
    );
}

#[test]
fn the_right_anchor_on_the_wrong_page_is_suggested_where_it_is() {
    assert_eq!(
        hint("<a href=\"../guide/#art-36\">x</a>").as_deref(),
        Some("您是不是要写 ../intro.html#art-36")
    );
}

#[test]
fn nothing_alike_gives_no_suggestion() {
    assert_eq!(hint("<a href=\"completely-different.pdf\">x</a>"), None);
}

#[test]
fn the_same_fault_is_reported_once_a_page_at_its_first_place() {
    let found = findings("<a href=\"no.html\">x</a>\n<a href=\"no.html\">x</a>");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].line, 3);
}

#[test]
fn findings_are_in_order_of_page_and_line() {
    let pages = [
        whole("b.html", "\n<a href=\"y\">x</a>\n<a href=\"x\">x</a>"),
        whole("a.html", "<a href=\"z\">x</a>"),
    ];
    let targets: Vec<_> = check(&pages, &files(&[])).into_iter().map(|found| found.target).collect();
    assert_eq!(targets, ["z", "y", "x"]);
}

#[test]
fn the_order_of_the_pages_handed_in_does_not_matter() {
    let mut pages = vec![
        whole("b.html", "<a href=\"#x\">x</a>"),
        whole("a.html", "<p id=\"x\"></p><a href=\"B.html\">x</a>"),
        whole("c.html", "<p id=\"x\"></p>"),
    ];
    let found = check(&pages, &files(&[]));
    pages.reverse();
    assert_eq!(check(&pages, &files(&[])), found);
}

#[test]
fn a_column_counts_characters_not_bytes() {
    let found = findings("\n公开<a href=\"no.html\">x</a>");
    assert_eq!((found[0].line, found[0].column), (4, Some(12)));
}

#[test]
fn a_target_that_stands_twice_on_its_line_has_no_column() {
    assert_eq!(findings("<a href=\"no\">x</a><a href=\"no\">x</a>")[0].column, None);
}

#[test]
fn lines_are_counted_over_windows_line_ends_and_scripts() {
    let html = "<title>x</title>\r\n<script>\r\nif (a < b) {}\r\n</script>\r\n\
                <main><h1>x</h1>&amp;\r\n<a href='no'>x</a></main>";
    assert_eq!(check(&[raw("a.html", html)], &files(&[]))[0].line, 6);
}

#[test]
fn what_a_script_writes_is_not_read() {
    assert_eq!(found("<script>s = '<a href=\"no.html\" id=\"top-1\">';</script>"), []);
}

#[test]
fn what_a_comment_or_a_style_says_is_not_read() {
    assert_eq!(found("<!-- <a href=\"no.html\"> --><style>/* <a href=\"no.html\"> */</style>"), []);
}

#[test]
fn links_in_noscript_are_checked() {
    assert_eq!(
        found("<noscript><iframe src=\"no.html\"></iframe></noscript>"),
        only(Kind::MissingFile, "no.html")
    );
}

#[test]
fn links_in_a_template_are_checked() {
    assert_eq!(found("<template><a href=\"no.html\">x</a></template>"), only(Kind::MissingFile, "no.html"));
}

#[test]
fn ids_in_a_template_are_neither_repeats_nor_targets() {
    assert_eq!(found("<template><p id=\"top-1\"></p></template>"), []);
    assert_eq!(
        found("<template><p id=\"t\"></p></template><a href=\"#t\">x</a>"),
        only(Kind::MissingFragment, "#t")
    );
}

#[test]
fn a_base_at_the_root_makes_links_start_there() {
    let page = whole("deep/er/404.html", "<base href=\"/\"><a href=\"intro.html\">x</a>");
    assert_eq!(check(&[page], &files(&["intro.html"])), []);
}

#[test]
fn a_relative_base_moves_the_start_of_links() {
    let page = whole("deep/a.html", "<base href=\"../laws/\"><a href=\"foi.html\">x</a>");
    assert_eq!(check(&[page], &files(&["laws/foi.html"])), []);
}

#[test]
fn a_fragment_beside_a_base_still_means_the_same_page() {
    let page = whole("404.html", "<base href=\"/\"><a href=\"#top-1\">x</a>");
    assert_eq!(check(&[page], &files(&[])), []);
}

#[test]
fn a_base_on_the_network_is_reported() {
    let page = whole("a.html", "<base href=\"https://www.gov.cn/\">");
    assert_eq!(check(&[page], &files(&[]))[0].kind, Kind::NetworkResource);
}

#[test]
fn broken_markup_is_read_to_its_end() {
    let html = "<title>x</title><main><h1>x</h1><a href=no.html><svg><a <p></main></template></svg";
    assert_eq!(check(&[raw("a.html", html)], &files(&[]))[0].target, "no.html");
}

#[test]
fn an_empty_page_lacks_title_and_heading() {
    let kinds: Vec<_> =
        check(&[raw("a.html", "")], &files(&[])).into_iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [Kind::MissingTitle, Kind::MissingHeading]);
}

#[test]
fn suggestions_stop_when_the_effort_is_used_up() {
    let page = whole("a.html", "");
    let pages = [page];
    let none = files(&["intro.html"]);
    let site = Site::new(&pages, &none);
    let mut hints = Hints { site: &site, effort: 1, homes: None };
    assert_eq!(hints.file("intor.html"), None);
}

#[test]
fn every_kind_has_its_own_code_and_message() {
    let kinds = [
        Kind::MissingFile,
        Kind::WrongCase,
        Kind::MissingFragment,
        Kind::DuplicateId,
        Kind::MissingTitle,
        Kind::MissingHeading,
        Kind::NetworkResource,
        Kind::OutsideRoot,
        Kind::AbsolutePath,
        Kind::EmptyLink,
        Kind::ScriptLink,
        Kind::MarkdownLink,
        Kind::UnknownScheme,
    ];
    let codes: BTreeSet<_> = kinds.iter().map(|kind| kind.code()).collect();
    let messages: BTreeSet<_> = kinds.iter().map(|kind| kind.message()).collect();
    assert_eq!((codes.len(), messages.len()), (kinds.len(), kinds.len()));
}

#[test]
fn a_backslash_between_folders_is_read_as_browsers_read_it() {
    assert_eq!(found("<a href=\"..\\intro.html\">x</a>"), []);
}

#[test]
fn of_two_files_that_differ_only_in_letter_case_the_first_is_suggested() {
    let page = whole("a.html", "<a href=\"FORM.pdf\">x</a>");
    let found = check(&[page], &files(&["Form.pdf", "form.pdf"]));
    assert_eq!(found[0].hint.as_deref(), Some("您是不是要写 Form.pdf"));
}

#[test]
fn the_nearest_of_several_anchors_is_suggested() {
    let page = whole("a.html", "<p id=\"art-1-aa\"></p><p id=\"art-1-b\"></p><a href=\"#art-1-bb\">x</a>");
    let found = check(&[page], &files(&[]));
    assert_eq!(found[0].hint.as_deref(), Some("您是不是要写 #art-1-b"));
}

#[test]
fn the_print_page_is_never_suggested_for_an_anchor() {
    let pages = [
        whole("a.html", "<a href=\"#art-36\">x</a>"),
        whole("print.html", "<p id=\"art-36\"></p>"),
        whole("question.html", "<p id=\"art-36\"></p>"),
    ];
    let found = check(&pages, &files(&[]));
    assert_eq!(found[0].hint.as_deref(), Some("您是不是要写 question.html#art-36"));
}
