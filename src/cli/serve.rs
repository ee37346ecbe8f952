//! `gongkai serve`: the handbook on this machine, built anew and reloaded when its content changes.
//!
//! Only this room knows the web server and the file watcher; they are the crates that mdBook's own `serve` uses.

use super::build::render;
use super::output;
use super::{Ending, Project};
use crate::disk;
use anyhow::{Context, bail};
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderValue, header};
use axum::routing::get;
use notify::{RecursiveMode, Watcher};
use std::net::ToSocketAddrs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tokio::sync::broadcast;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Where the pages listen for changes.
const RELOAD: &str = "__reload";
/// Changes within this time are taken together: editors write a file in several steps.
const PAUSE: Duration = Duration::from_millis(300);
/// What is watched below the root.
const WATCHED: [&str; 3] = ["book", "cases", "templates"];

/// Serves until it is stopped.
pub fn run(root: Option<&Path>, host: &str, port: u16) -> anyhow::Result<Ending> {
    let root = super::project::find(root)?;
    let folder = tempfile::tempdir().context("建不了临时文件夹")?;
    let site = folder.path().join("handbook");
    if !rebuild(&root, &site)? {
        output::note("手册没有生成：先改正上面的错误，再运行一次。");
        return Ok(Ending::Findings);
    }
    let address = (host, port)
        .to_socket_addrs()
        .ok()
        .and_then(|mut all| all.next())
        .with_context(|| format!("地址 {host}:{port} 写得不对"))?;
    let (reload, _) = broadcast::channel::<()>(8);
    let (changed, changes) = channel();
    let watched = WATCHED.map(|name| root.join(name));
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let content = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name == "book.toml")
                || watched.iter().any(|w| path.starts_with(w))
        };
        if event.is_ok_and(|e| !e.kind.is_access() && e.paths.iter().any(content)) {
            // The other end is gone only when the program ends.
            let _ = changed.send(());
        }
    })
    .context("不能监视文件的改动")?;
    for name in WATCHED.map(|name| root.join(name)).iter().filter(|p| p.exists()) {
        watcher
            .watch(name, RecursiveMode::Recursive)
            .with_context(|| format!("不能监视 {}", name.display()))?;
    }
    let sender = reload.clone();
    let (watched_root, watched_site) = (root, site.clone());
    std::thread::spawn(move || follow(&changes, &watched_root, &watched_site, &sender));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("网页服务启动不了")?;
    runtime.block_on(listen(site, address, reload))?;
    Ok(Ending::Fine)
}

/// Rebuilds after every change, and tells the open pages.
fn follow(changes: &Receiver<()>, root: &Path, site: &Path, reload: &broadcast::Sender<()>) {
    while changes.recv().is_ok() {
        while changes.recv_timeout(PAUSE).is_ok() {}
        match rebuild(root, site) {
            Ok(true) => {
                output::note("内容有改动，手册已更新。");
                // No open page is no mistake.
                let _ = reload.send(());
            }
            Ok(false) => output::note("上面的错误改正以前，网页保持原样。"),
            Err(error) => output::complain(&error),
        }
    }
}

/// Builds into `site`; false if the content has mistakes, and then the old pages stay.
fn rebuild(root: &Path, site: &Path) -> anyhow::Result<bool> {
    let project = Project::load(Some(root))?;
    if !project.report.is_empty() {
        output::report(&project.report, &project.sources);
    }
    if project.report.has_errors() {
        return Ok(false);
    }
    let fresh = site.with_extension("new");
    render(&Arc::new(project), &fresh, &[("output.html.live-reload-endpoint", RELOAD)])?;
    disk::swap(&fresh, site).context("换不了网页")?;
    Ok(true)
}

async fn listen(
    site: PathBuf,
    address: std::net::SocketAddr,
    reload: broadcast::Sender<()>,
) -> anyhow::Result<()> {
    let pages =
        ServeDir::new(&site).not_found_service(tower_http::services::ServeFile::new(site.join("404.html")));
    let no_store =
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let socket = move |upgrade: WebSocketUpgrade| {
        let mut changes = reload.subscribe();
        async move {
            upgrade.on_upgrade(move |mut socket: WebSocket| async move {
                if changes.recv().await.is_ok() {
                    // A page that was closed meanwhile needs no news.
                    let _ = socket.send(Message::text("reload")).await;
                }
            })
        }
    };
    let app = Router::new().route(&format!("/{RELOAD}"), get(socket)).fallback_service(pages).layer(no_store);
    let listener = match tokio::net::TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) => {
            bail!("用不了 {address}：{}\n提示: 用 --port 换一个端口，例如 --port 3001", disk::explain(&error))
        }
    };
    output::print(&format!(
        "手册在 http://{}/ ，用浏览器打开。改动内容会自动刷新；按 Ctrl+C 停止。\n",
        listener.local_addr()?
    ))?;
    // Ctrl+C ends the serving, so that the temporary pages are removed.
    tokio::select! {
        done = async { axum::serve(listener, app).await } => done.context("网页服务停止了"),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}
