//! The status page: what a browser sees, and what its links do.

use super::Daemon;
use super::requests::Asked;
use crate::init::control::{self, Answer, SUPERVISOR_VERSION};
use crate::init::server::page::{self, Action, Form, Page, Row, Tail};
use crate::init::server::{Request, Response};
use crate::rpc::{Call, Code, Fault, Reply, Value};

impl Daemon<'_> {
    /// What a browser asks for.
    pub(super) fn show_page(&mut self, request: &Request) {
        let form = Form::of(request);
        let response = match Page::of(request) {
            Ok(Page::Status) => match Action::of(&form) {
                Ok(Some(action)) => return self.act_for_page(request, action),
                Ok(None) => self.status_page(form.get("message")),
                Err(page::UnknownAction) => Response::error(500),
            },
            Ok(Page::Tail) => self.tail_page(&Tail::of(&form)),
            Ok(Page::Ok) => page::ok(),
            Ok(Page::Style) => page::style(),
            Err(status) => Response::error(status),
        };
        self.respond(request.connection, response);
    }

    fn status_page(&mut self, message: Option<&str>) -> Response {
        let rows = match self.ask("supervisor.getAllProcessInfo", Vec::new()) {
            Ok(Value::Array(all)) => all.iter().filter_map(row).collect::<Vec<Row>>(),
            // As supervisord, which stumbles here when it is about to stop.
            _ => return Response::error(500),
        };
        page::status(&rows, message, SUPERVISOR_VERSION)
    }

    fn tail_page(&mut self, tail: &Tail) -> Response {
        let Some(process) = &tail.process else { return tail.page(Ok("")) };
        let limit = i64::try_from(tail.limit).unwrap_or(i64::MAX);
        let end = vec![Value::text(process), Value::Int(-limit), Value::Int(0)];
        match self.ask("supervisor.readProcessStdoutLog", end) {
            Ok(log) => tail.page(Ok(log.as_text().unwrap_or_default())),
            Err(fault) => tail.page(Err(&fault)),
        }
    }

    /// Does what a link asks for, by the methods that do it for everybody else.
    fn act_for_page(&mut self, request: &Request, action: Action) {
        if let Some(process) = action.process()
            && self.ask("supervisor.getProcessInfo", vec![Value::text(process)]).is_err_and(|it| it.is(Code::BadName))
        {
            let response = page::redirect(request.headers.get("Host"), &page::no_such_process(process));
            return self.respond(request.connection, response);
        }
        let call = match &action {
            Action::Refresh => call("supervisor.getState", &[]),
            Action::StopAll => call("supervisor.stopAllProcesses", &[]),
            Action::RestartAll => in_turn(&["supervisor.stopAllProcesses", "supervisor.startAllProcesses"], &[]),
            Action::Start(process) => call("supervisor.startProcess", &[process]),
            Action::Stop(process) => call("supervisor.stopProcess", &[process]),
            Action::Restart(process) => in_turn(&["supervisor.stopProcess", "supervisor.startProcess"], &[process]),
            Action::ClearLog(process) => call("supervisor.clearProcessLogs", &[process]),
        };
        let asked = Asked::of_page(request, action);
        match control::call(self, &call) {
            Answer::Now(reply) => self.reply(request.connection, &asked, &reply),
            Answer::Later(pending) => self.pending.push((request.connection, asked, pending)),
        }
    }

    /// What the page says of what came of a link.
    pub(super) fn page_after(&mut self, action: &Action, host: Option<&str>, reply: &Reply) -> Response {
        let message = match reply {
            Ok(_) => action.done(&self.sinks.clock.stamp().ctime()),
            Err(fault) => action.failed(fault),
        };
        page::redirect(host, &message)
    }

    /// A method that answers at once.
    fn ask(&mut self, method: &str, params: Vec<Value>) -> Result<Value, Fault> {
        match control::call(self, &Call { method: method.to_owned(), params }) {
            Answer::Now(reply) => reply,
            Answer::Later(_) => Ok(Value::Nil),
        }
    }
}

fn row(info: &Value) -> Option<Row> {
    let text = |name: &str| info.member(name)?.as_text().map(str::to_owned);
    let (group, name) = (text("group")?, text("name")?);
    let process = if group == name { name } else { format!("{group}:{name}") };
    Some(Row { process, state: text("statename")?, description: text("description")? })
}

fn call(method: &str, params: &[&String]) -> Call {
    Call { method: method.to_owned(), params: params.iter().map(|text| Value::text(*text)).collect() }
}

fn in_turn(methods: &[&str], params: &[&String]) -> Call {
    let params = Value::Array(params.iter().map(|text| Value::text(*text)).collect());
    let one = |method: &&str| {
        Value::Struct(vec![("methodName".to_owned(), Value::text(*method)), ("params".to_owned(), params.clone())])
    };
    Call { method: "system.multicall".to_owned(), params: vec![Value::Array(methods.iter().map(one).collect())] }
}
