//! The status page: supervisord's addresses and what they do, with a look of its own.

use super::message::{Request, Response};
use crate::rpc::head::{form, quote};
use crate::rpc::{Code, Fault, date};
use std::fmt::{self, Display, Write};

const STYLE: &str = include_str!("page.css");

/// A tail shows so many bytes of a log at least.
const TAIL_LEAST: u64 = 1024;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// `/` or `/index.html`: all processes, and what can be done with them.
    Status,
    /// `/tail.html`: the end of a log.
    Tail,
    /// `/ok.html`: that somebody answers.
    Ok,
    /// `/stylesheets/supervisor.css`.
    Style,
}

impl Page {
    /// The page that a request is for.
    ///
    /// # Errors
    /// The status that supervisord answers with: 400 or 404.
    pub fn of(request: &Request) -> Result<Page, u16> {
        let view = match request.path.trim_start_matches('/') {
            "" | "index.html" => Some(Page::Status),
            "tail.html" => Some(Page::Tail),
            "ok.html" => Some(Page::Ok),
            _ => None,
        };
        match (view, request.method.as_str(), request.path.trim_start_matches('/')) {
            (Some(view), "GET" | "POST", _) => Ok(view),
            (_, "GET" | "HEAD", "stylesheets/supervisor.css") => Ok(Page::Style),
            (_, "GET" | "HEAD", _) => Err(404),
            _ => Err(400),
        }
    }
}

/// What a request's query says, and the form in its body, which counts more. What is empty is not said.
#[derive(Debug)]
pub struct Form {
    query: Vec<(String, String)>,
    posted: Vec<(String, String)>,
}

impl Form {
    /// A request's.
    #[must_use]
    pub fn of(request: &Request) -> Form {
        let posted = if request.method == "POST" { form(&String::from_utf8_lossy(&request.body)) } else { Vec::new() };
        Form { query: request.query.clone(), posted }
    }

    /// What is said under this name: of the query's the first, of the body's the last.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let is_it = |(known, value): &&(String, String)| known == name && !value.is_empty();
        let said = self.posted.iter().rev().find(is_it).or_else(|| self.query.iter().find(is_it));
        said.map(|(_, value)| value.as_str())
    }
}

/// What a link of the status page asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// To look again.
    Refresh,
    /// To stop all processes.
    StopAll,
    /// To stop all processes, and to start them.
    RestartAll,
    /// To start this one, as `group:name` or `name`.
    Start(String),
    /// To stop this one.
    Stop(String),
    /// To stop this one, and to start it.
    Restart(String),
    /// To empty this one's logs.
    ClearLog(String),
}

/// There is no such action, or it lacks a process: supervisord answers 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAction;

impl Action {
    /// What a form asks for; `None` to look at the page only.
    ///
    /// # Errors
    /// [`UnknownAction`].
    pub fn of(form: &Form) -> Result<Option<Action>, UnknownAction> {
        let process = || form.get("processname").map(str::to_owned).ok_or(UnknownAction);
        Ok(Some(match form.get("action") {
            None => return Ok(None),
            Some("refresh") => Action::Refresh,
            Some("stopall") => Action::StopAll,
            Some("restartall") => Action::RestartAll,
            Some("start") => Action::Start(process()?),
            Some("stop") => Action::Stop(process()?),
            Some("restart") => Action::Restart(process()?),
            Some("clearlog") => Action::ClearLog(process()?),
            Some(_) => return Err(UnknownAction),
        }))
    }

    /// Whom it is done to, where it is one process.
    #[must_use]
    pub fn process(&self) -> Option<&str> {
        match self {
            Action::Refresh | Action::StopAll | Action::RestartAll => None,
            Action::Start(process) | Action::Stop(process) | Action::Restart(process) | Action::ClearLog(process) => {
                Some(process)
            }
        }
    }

    /// What the page says when it is done. `now` as ctime(3) has it: `Mon Nov 23 05:42:39 2026`.
    #[must_use]
    pub fn done(&self, now: &str) -> String {
        match self {
            Action::Refresh => format!("Page refreshed at {now}"),
            Action::StopAll => format!("All stopped at {now}"),
            Action::RestartAll => format!("All restarted at {now}"),
            Action::Start(process) => format!("Process {process} started"),
            Action::Stop(process) => format!("Process {process} stopped"),
            Action::Restart(process) => format!("Process {process} restarted"),
            Action::ClearLog(process) => format!("Log for {process} cleared"),
        }
    }

    /// What the page says when it failed.
    #[must_use]
    pub fn failed(&self, fault: &Fault) -> String {
        let unexpected = format!("unexpected rpc fault [{}] {}", fault.code, fault.message);
        let Action::Start(process) = self else { return unexpected };
        let reason = match Code::of(fault.code) {
            Some(Code::NoFile) => "no such file",
            Some(Code::NotExecutable) => "file not executable",
            Some(Code::AlreadyStarted) => "already started",
            Some(Code::SpawnError) => "spawn error",
            Some(Code::AbnormalTermination) => "abnormal termination",
            _ => &unexpected,
        };
        format!("ERROR: Process {process}: {reason}")
    }
}

/// What the page says where no process has this name.
#[must_use]
pub fn no_such_process(process: &str) -> String {
    format!("No such process named {process}")
}

/// Sends the client to the status page, which says the message. `host` is the request's header.
#[must_use]
pub fn redirect(host: Option<&str>, message: &str) -> Response {
    // Without the header the client knows better than we do where it is.
    let server = host.map(|host| format!("http://{}", host.strip_suffix(":80").unwrap_or(host))).unwrap_or_default();
    let mut response = uncached(Response::error(301));
    response.headers.add("Location", format!("{server}/?message={}", quote(message)));
    response
}

/// A process on the status page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As `group:name`, or `name` alone.
    pub process: String,
    /// Such as `RUNNING`.
    pub state: String,
    /// Such as `pid 12, uptime 0:00:05`.
    pub description: String,
}

/// All processes.
#[must_use]
pub fn status(rows: &[Row], message: Option<&str>, version: &str) -> Response {
    let mut body = String::new();
    if let Some(message) = message {
        add(&mut body, format_args!("<p class=\"message\">{}</p>\n", Html(message)));
    }
    body.push_str(
        "<nav><a href=\"index.html?action=refresh\">Refresh</a> \
         <a href=\"index.html?action=restartall\">Restart All</a> \
         <a href=\"index.html?action=stopall\">Stop All</a></nav>\n",
    );
    if rows.is_empty() {
        body.push_str("<p>No programs to manage</p>\n");
    } else {
        body.push_str("<table>\n<tr><th>State</th><th>Description</th><th>Name</th><th>Action</th></tr>\n");
        for row in rows {
            add_row(&mut body, row);
        }
        body.push_str("</table>\n");
    }
    add(&mut body, format_args!("<footer>Supervisor {} (vat-init)</footer>\n", Html(version)));
    document("Supervisor Status", &body)
}

fn add_row(body: &mut String, row: &Row) {
    let Row { process, state, description } = row;
    let quoted = quote(process);
    let look = match state.as_str() {
        "RUNNING" => "good",
        "FATAL" | "BACKOFF" => "bad",
        "STARTING" | "STOPPING" => "busy",
        _ => "",
    };
    add(body, format_args!("<tr><td class=\"state {look}\">{}</td>", Html(&state.to_lowercase())));
    add(body, format_args!("<td>{}</td>", Html(description)));
    add(
        body,
        format_args!("<td><a href=\"tail.html?processname={quoted}\" target=\"_blank\">{}</a></td>", Html(process)),
    );
    body.push_str("<td class=\"actions\">");
    let actions: &[(&str, &str)] = match state.as_str() {
        "RUNNING" => &[("Restart", "restart"), ("Stop", "stop"), ("Clear Log", "clearlog")],
        "STOPPED" | "EXITED" | "FATAL" => &[("Start", "start"), ("Clear Log", "clearlog")],
        _ => &[("Clear Log", "clearlog")],
    };
    for (name, action) in actions {
        add(body, format_args!("<a href=\"index.html?processname={quoted}&amp;action={action}\">{name}</a> "));
    }
    add(body, format_args!("<a href=\"logtail/{quoted}\" target=\"_blank\">Tail -f Stdout</a> "));
    add(body, format_args!("<a href=\"logtail/{quoted}/stderr\" target=\"_blank\">Tail -f Stderr</a></td></tr>\n"));
}

/// Which log is to be shown, and how much of its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// None was named.
    pub process: Option<String>,
    /// Bytes.
    pub limit: u64,
}

impl Tail {
    /// What a form asks for.
    #[must_use]
    pub fn of(form: &Form) -> Tail {
        let limit = form.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(TAIL_LEAST);
        Tail { process: form.get("processname").map(str::to_owned), limit: limit.max(TAIL_LEAST) }
    }

    /// The end of a log, or why there is none.
    #[must_use]
    pub fn page(&self, log: Result<&str, &Fault>) -> Response {
        let Some(process) = &self.process else {
            return document("Supervisor tail of process None", "<pre>No process name found</pre>\n");
        };
        let text = match log {
            Ok(text) => text.to_owned(),
            Err(fault) if fault.is(Code::NoFile) => format!("No file for {process}"),
            Err(fault) => format!("ERROR: unexpected rpc fault [{}] {}", fault.code, fault.message),
        };
        let refresh = format!("tail.html?processname={}&amp;limit={}", quote(process), self.limit);
        let body = format!("<pre>{}</pre>\n<nav><a href=\"{refresh}\">Reload</a></nav>\n", Html(&text));
        document(&format!("Supervisor tail of process {process}"), &body)
    }
}

/// That somebody answers.
#[must_use]
pub fn ok() -> Response {
    Response::new("text/plain", "OK")
}

/// How the pages look.
#[must_use]
pub fn style() -> Response {
    Response::new("text/css", STYLE)
}

fn document(title: &str, body: &str) -> Response {
    let title = Html(title);
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"stylesheets/supervisor.css\">\n</head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n\
         </html>\n"
    );
    let mut response = uncached(Response::new("text/html;charset=utf-8", page));
    // Should an escape be missing one day, still nothing of a log runs; and no other page lays itself over the links.
    let policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";
    response.headers.add("Content-Security-Policy", policy);
    response
}

fn uncached(mut response: Response) -> Response {
    response.headers.add("Pragma", "no-cache");
    response.headers.add("Cache-Control", "no-cache");
    response.headers.add("Expires", date(0));
    response
}

fn add(body: &mut String, text: fmt::Arguments) {
    // A String takes all that is written to it.
    let _ = body.write_fmt(text);
}

/// Text in a page, in quotes or between tags.
struct Html<'a>(&'a str);

impl Display for Html<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            _ => f.write_char(character),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::ConnectionId;
    use super::super::message::Content;
    use super::*;
    use crate::rpc::head::RequestHead;

    fn request(method: &str, target: &str, body: &str) -> Request {
        let head = RequestHead::read(format!("{method} {target} HTTP/1.1\r\n\r\n").as_bytes()).unwrap();
        Request::new(ConnectionId(1), head, body.as_bytes().to_vec())
    }

    fn text(response: Response) -> String {
        let Content::Whole(body) = response.content else { unreachable!() };
        String::from_utf8(body).unwrap()
    }

    #[test]
    fn paths_lead_where_supervisords_lead() {
        let page = |method: &str, path: &str| Page::of(&request(method, path, ""));
        assert_eq!(page("GET", "/"), Ok(Page::Status));
        assert_eq!(page("POST", "//index.html?action=stop"), Ok(Page::Status));
        assert_eq!(page("GET", "/tail.html?processname=a"), Ok(Page::Tail));
        assert_eq!(page("GET", "/ok.html"), Ok(Page::Ok));
        assert_eq!(page("HEAD", "/stylesheets/supervisor.css"), Ok(Page::Style));
        assert_eq!(page("GET", "/stylesheets/../../../etc/passwd"), Err(404));
        assert_eq!(page("POST", "/nope"), Err(400));
        assert_eq!(page("PUT", "/"), Err(400));
    }

    #[test]
    fn an_action_is_one_that_supervisord_knows() {
        let action = |target: &str| Action::of(&Form::of(&request("GET", target, "")));
        assert_eq!(action("/?action="), Ok(None));
        assert_eq!(action("/?action=refresh"), Ok(Some(Action::Refresh)));
        assert_eq!(action("/?processname=a%3Ab&action=stop"), Ok(Some(Action::Stop("a:b".to_owned()))));
        assert_eq!(action("/?action=stop"), Err(UnknownAction));
        assert_eq!(action("/?action=foo&processname=a"), Err(UnknownAction));
        let posted = request("POST", "/?action=stop&processname=a", "processname=b&processname=c");
        assert_eq!(Action::of(&Form::of(&posted)), Ok(Some(Action::Stop("c".to_owned()))));
    }

    #[test]
    fn the_message_comes_by_way_of_the_address() {
        let start = Action::Start("a".to_owned());
        assert_eq!(start.failed(&Fault::from(Code::NoFile)), "ERROR: Process a: no such file");
        let unexpected = "ERROR: Process a: unexpected rpc fault [10] BAD_NAME: a";
        assert_eq!(start.failed(&Fault::because(Code::BadName, "a")), unexpected);
        let response = redirect(Some("localhost:9001"), &Action::Refresh.done("Mon Nov 23 05:42:39 2026"));
        assert_eq!(response.status, 301);
        let location = "http://localhost:9001/?message=Page%20refreshed%20at%20Mon%20Nov%2023%2005%3A42%3A39%202026";
        assert_eq!(response.headers.get("Location"), Some(location));
        assert_eq!(redirect(None, "a\r\nb").headers.get("Location"), Some("/?message=a%0D%0Ab"));
    }

    #[test]
    fn nothing_of_a_process_or_a_message_is_markup() {
        let evil = "<script>\"'&";
        let row = Row { process: evil.to_owned(), state: evil.to_owned(), description: evil.to_owned() };
        let page = text(status(&[row], Some(evil), evil));
        let tail = Tail { process: Some(evil.to_owned()), limit: 1024 };
        for page in [page, text(tail.page(Ok(evil))), text(tail.page(Err(&Fault::because(Code::Failed, evil))))] {
            assert!(!page.contains("<script") && !page.contains("\"'"), "{page}");
            assert!(page.contains("&lt;script&gt;&quot;&#39;&amp;"), "{page}");
        }
    }

    #[test]
    fn a_row_offers_what_its_state_allows() {
        let page = |state: &str| {
            let row = Row { process: "a:b".to_owned(), state: state.to_owned(), description: String::new() };
            text(status(&[row], None, "4.3.0"))
        };
        assert!(page("RUNNING").contains("<a href=\"index.html?processname=a%3Ab&amp;action=restart\">Restart</a>"));
        assert!(page("FATAL").contains("action=start\">Start<") && !page("FATAL").contains("action=stop\""));
        assert!(!page("STARTING").contains("action=start\""));
        assert!(page("STARTING").contains("<a href=\"logtail/a%3Ab/stderr\""));
        assert!(text(status(&[], None, "4.3.0")).contains("No programs to manage"));
    }

    #[test]
    fn a_tail_is_never_shorter_than_a_kibibyte() {
        let tail = |target: &str| Tail::of(&Form::of(&request("GET", target, "")));
        assert_eq!(tail("/tail.html?processname=a&limit=5"), Tail { process: Some("a".to_owned()), limit: 1024 });
        assert_eq!(tail("/tail.html?limit=x"), Tail { process: None, limit: 1024 });
        assert!(text(tail("/tail.html").page(Ok(""))).contains("No process name found"));
        let page = text(tail("/tail.html?processname=a%20b&limit=2000").page(Err(&Fault::from(Code::NoFile))));
        assert!(page.contains("No file for a b") && page.contains("tail.html?processname=a%20b&amp;limit=2000"));
    }
}
