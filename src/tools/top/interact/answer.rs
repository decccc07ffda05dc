//! What becomes of answers to prompts.

use super::locate::Search;
use super::number::{integer, seconds};
use super::prompt::Ask;
use super::{Interaction, Mode, inspect, signal};
use crate::tools::top::arrange::User;
use crate::tools::top::filter::Filter;
use crate::tools::top::frame::Frame;
use crate::tools::top::key::Effect;
use std::time::Duration;

/// A window's name has so many characters at most.
const NAME: usize = 3;

impl Interaction {
    /// Does what was answered.
    pub(super) fn answer(&mut self, ask: Ask, answer: &str, frame: &mut Frame, now: Duration) -> Effect {
        match self.try_answer(ask, answer, frame, now) {
            Ok(effect) => effect,
            Err(message) => self.tell(message, now),
        }
    }

    fn try_answer(&mut self, ask: Ask, answer: &str, frame: &mut Frame, now: Duration) -> Result<Effect, String> {
        let is_empty = answer.is_empty();
        let current = self.session.config.current;
        match ask {
            Ask::Nothing | Ask::Window | Ask::Save => {}
            Ask::Delay if is_empty => {}
            Ask::Delay => self.session.config.delay = seconds(answer)?,
            Ask::KillPid(pid) => {
                let pid = pid_or(answer, pid)?;
                return Ok(self.ask(Ask::KillSignal(pid), format!("Send pid {pid} signal [15/sigterm] ")));
            }
            Ask::KillSignal(pid) => {
                let signal = if is_empty { Some(signal::TERM) } else { signal::number(answer) };
                let signal = signal.ok_or("Invalid signal")?;
                // Nothing is sent with 0: that is how one thinks better of it.
                return Ok(if signal == 0 { Effect::Draw } else { Effect::Kill { pid, signal } });
            }
            Ask::RenicePid(pid) => {
                let pid = pid_or(answer, pid)?;
                return Ok(self.ask(Ask::ReniceValue(pid), format!("Renice PID {pid} to value ")));
            }
            Ask::ReniceValue(_) | Ask::AutogroupValue(_) if is_empty => {}
            Ask::ReniceValue(pid) => return Ok(Effect::Renice { pid, nice: integer(answer)? }),
            Ask::AutogroupPid(pid) => {
                let pid = pid_or(answer, pid)?;
                return Ok(self.ask(Ask::AutogroupValue(pid), format!("set pid {pid} AGNI value to ")));
            }
            Ask::AutogroupValue(pid) => {
                let nice = integer(answer)?;
                let valid = (-20..=19).contains(&nice);
                let effect = Effect::ReniceAutogroup { pid, nice };
                return if valid { Ok(effect) } else { Err("valid AGNI range is -20 to +19".to_owned()) };
            }
            Ask::MaxTasks if is_empty => {}
            Ask::MaxTasks => {
                let most = usize::try_from(integer(answer)?).map_err(|_| "Invalid maximum")?;
                self.session.config.window_mut().max_tasks = most;
            }
            Ask::User(any) => {
                // Also where nobody has that name.
                self.session.pids.clear();
                let user = self.user(answer, any)?;
                if let Some(pane) = self.session.panes.get_mut(current) {
                    pane.user = user;
                }
            }
            Ask::Filter(_) if is_empty => {}
            Ask::Filter(case) => {
                let filter = Filter::parse(answer.as_bytes(), case, self.session.version);
                let filters = &mut self.session.config.window_mut().filters;
                filter
                    .and_then(|filter| Filter { typed: true, ..filter }.add(filters))
                    .map_err(|error| error.message())?;
            }
            Ask::Locate => {
                if let Some(located) = self.located.get_mut(current) {
                    *located = answer.to_owned();
                }
                self.search = (!is_empty).then_some(Search { window: current });
            }
            Ask::Width if is_empty => {}
            Ask::Width => {
                self.session.config.fixed_widest = integer(answer)?.clamp(-1, i32::from(u8::MAX));
                self.session.grown.clear();
            }
            Ask::Name if is_empty => {}
            Ask::Name => self.session.config.window_mut().name = answer.chars().take(NAME).collect(),
            Ask::Node if is_empty => {}
            Ask::Node => {
                let node = integer(answer).ok().and_then(|node| u32::try_from(node).ok());
                let known = |node: &u32| self.session.names.nodes.iter().any(|(number, _)| number == node);
                let node = node.filter(known).ok_or("invalid numa node")?;
                self.expand_node(node);
            }
            Ask::InspectPid(pid) => {
                let pid = pid_or(answer, pid)?;
                let row = frame.rows.iter().find(|row| row.task.stat.pid == pid);
                let row = row.ok_or_else(|| format!("unable to inspect, pid {pid} not found"))?;
                let comm = String::from_utf8_lossy(&row.task.stat.comm).into_owned();
                let kept = self.inspected.clone();
                self.mode = Mode::Inspect(inspect::Inspect::new(pid, comm, &self.session.config.inspect, kept));
            }
            Ask::InspectLocate => return Ok(self.inspect_locate(answer, now)),
        }
        Ok(Effect::Draw)
    }

    /// Whom a name or number means, `!` in front: all but them.
    fn user(&self, answer: &str, any: bool) -> Result<Option<User>, String> {
        let (negated, name) = answer.strip_prefix('!').map_or((false, answer), |name| (true, name));
        if name.is_empty() {
            return Ok(None);
        }
        // A number below 0 is one from above.
        let number = || name.parse::<i64>().ok().and_then(|number| u32::try_from(number & 0xffff_ffff).ok());
        let uid = self.session.names.users.id(name.as_bytes()).or_else(number).ok_or("Invalid user")?;
        Ok(Some(User { uid, any, negated }))
    }
}

/// A pid; nothing, or a number below 0, is that of the first task.
fn pid_or(answer: &str, default: u32) -> Result<u32, &'static str> {
    if answer.is_empty() {
        return Ok(default);
    }
    Ok(u32::try_from(integer(answer)?).unwrap_or(default))
}
