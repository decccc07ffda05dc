use super::{Action, Event, Life, Policy, Said, State};
use std::time::Duration;

/// What the event makes of that life, and what is to be done. `may_start` is false while the supervisor stops.
#[must_use]
pub fn step(life: &Life, event: Event, now: Duration, policy: &Policy, may_start: bool) -> (Life, Vec<Action>) {
    let mut step = Step { life: life.clone(), now, policy, may_start, actions: Vec::new() };
    step.take(event);
    (step.life, step.actions)
}

struct Step<'a> {
    life: Life,
    now: Duration,
    policy: &'a Policy,
    may_start: bool,
    actions: Vec<Action>,
}

impl Step<'_> {
    /// The table.
    fn take(&mut self, event: Event) {
        match (self.life.state, event) {
            (State::Stopped | State::Exited | State::Fatal | State::Backoff, Event::Start) => self.start(),

            (State::Starting, Event::Spawned) => self.spawned(),
            (State::Starting, Event::SpawnFailed) => self.fail(),
            (State::Starting, Event::Up) if self.life.alive => self.up(Said::IsReady),
            (State::Starting, Event::Due) if self.policy.ready_within.is_some() => self.not_ready(),
            (State::Starting, Event::Due) => self.up(Said::Success),
            // The time of a process that was killed for not being ready says nothing.
            (State::Starting, Event::Ended { .. }) if self.is_too_quick() => self.ended_too_quickly(),
            (State::Starting, Event::Ended { code }) => {
                self.enter(State::Running);
                self.exited(code);
            }
            (State::Running, Event::Ended { code }) => self.exited(code),
            (State::Stopping, Event::Ended { code }) => self.stopped(code),
            (State::Unknown, Event::Ended { code }) => self.found(code),

            (State::Backoff | State::Exited, Event::Due) => self.start(),
            (State::Backoff, Event::Stop) => self.rest(State::Stopped),
            (State::Backoff, Event::GiveUp) => self.give_up(None),
            // An end that a restart was to follow.
            (State::Exited, Event::Stop) if self.life.due.is_some() => self.rest(State::Stopped),
            (State::Exited, Event::Stop | Event::GiveUp) => self.life.due = None,

            // It waits for others, or for its hook: there is nobody to be signalled.
            (State::Starting, Event::Stop | Event::GiveUp) if !self.life.alive => self.rest(State::Stopped),
            (State::Starting | State::Running, Event::Stop) => self.stop(),
            (State::Stopping, Event::Due) => self.kill(),
            (State::Starting | State::Running | State::Stopping, Event::Lost) => self.rest(State::Unknown),

            // What comes too late, or twice, changes nothing.
            (State::Starting | State::Running | State::Stopping | State::Unknown, Event::Start) => (),
            (State::Running | State::Stopping | State::Unknown, Event::Spawned | Event::SpawnFailed | Event::Up) => (),
            (State::Stopped | State::Exited | State::Fatal | State::Backoff, Event::Spawned | Event::SpawnFailed) => (),
            (State::Stopped | State::Exited | State::Fatal | State::Backoff | State::Starting, Event::Up) => (),
            (State::Stopped | State::Running | State::Fatal | State::Unknown, Event::Due) => (),
            (State::Stopped | State::Exited | State::Fatal | State::Backoff, Event::Ended { .. }) => {
                self.life.alive = false;
            }
            (State::Stopped | State::Fatal | State::Stopping | State::Unknown, Event::Stop) => (),
            (State::Stopped | State::Fatal | State::Stopping | State::Unknown, Event::GiveUp) => (),
            (State::Starting | State::Running, Event::GiveUp) => (),
            (State::Stopped | State::Exited | State::Fatal | State::Backoff | State::Unknown, Event::Lost) => (),
        }
    }

    fn enter(&mut self, to: State) {
        self.enter_expected(to, true);
    }

    fn enter_expected(&mut self, to: State, expected: bool) {
        let from = std::mem::replace(&mut self.life.state, to);
        self.actions.push(Action::Enter { from, to, expected, tries: self.life.backoff });
    }

    /// Enters a state in which nothing is waited for.
    fn rest(&mut self, state: State) {
        self.life.due = None;
        self.enter(state);
    }

    fn say(&mut self, said: Said) {
        self.actions.push(Action::Say(said));
    }

    fn start(&mut self) {
        self.life.due = None;
        if !self.may_start {
            return;
        }
        if let Some((window, limit)) = self.policy.restart.window {
            self.life.starts.retain(|start| self.now.saturating_sub(*start) < window);
            if self.life.starts.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
                self.life.starts.clear();
                return self.give_up(Some(Said::TooOften));
            }
            self.life.starts.push(self.now);
        }
        self.life.started = Some(self.now);
        self.enter(State::Starting);
        self.actions.push(Action::Spawn);
    }

    fn spawned(&mut self) {
        self.life.alive = true;
        self.life.started = Some(self.now);
        self.life.due = Some(self.now + self.policy.ready_within.unwrap_or(self.policy.startsecs));
    }

    fn up(&mut self, said: Said) {
        self.life.backoff = 0;
        self.rest(State::Running);
        self.say(said);
    }

    fn not_ready(&mut self) {
        self.life.due = None;
        self.say(Said::NotReady);
        self.actions.push(Action::Kill);
    }

    /// Whether an end now is one before it was up.
    fn is_too_quick(&self) -> bool {
        let up = self.life.started.unwrap_or_default() + self.policy.startsecs;
        self.policy.ready_within.is_some() || self.now < up
    }

    fn ended_too_quickly(&mut self) {
        self.life.alive = false;
        // supervisord tells the listeners first.
        self.back_off();
        self.say(Said::TooQuickly);
        self.give_up_if_too_often();
    }

    fn fail(&mut self) {
        self.back_off();
        self.give_up_if_too_often();
    }

    fn back_off(&mut self) {
        self.life.backoff = self.life.backoff.saturating_add(1);
        self.life.due = Some(self.now + self.policy.back_off(self.life.backoff));
        self.enter(State::Backoff);
    }

    fn give_up_if_too_often(&mut self) {
        if !self.policy.tries_again(self.life.backoff) {
            self.give_up(Some(Said::GaveUp));
        }
    }

    fn give_up(&mut self, said: Option<Said>) {
        self.life.backoff = 0;
        self.rest(State::Fatal);
        if let Some(said) = said {
            self.say(said);
        }
    }

    fn exited(&mut self, code: Option<i32>) {
        let expected = self.policy.expects(code);
        self.life.alive = false;
        self.life.backoff = 0;
        self.life.due = (self.may_start && self.policy.starts_again(expected))
            .then(|| self.policy.restart_at(self.life.started, self.now));
        self.enter_expected(State::Exited, expected);
        self.say(Said::Exited { expected });
    }

    /// One that was lost has ended after all: from here it can be started, which nobody but the user knows whether it should be.
    fn found(&mut self, code: Option<i32>) {
        let expected = self.policy.expects(code);
        self.life.alive = false;
        self.enter_expected(State::Exited, expected);
        self.say(Said::Exited { expected });
    }

    fn stop(&mut self) {
        self.life.due = Some(self.now + self.policy.stopwaitsecs);
        self.enter(State::Stopping);
        self.actions.push(Action::Stop);
    }

    fn kill(&mut self) {
        // Again, should it be needed: a process that the kernel holds dies when it is let go.
        self.life.due = Some(self.now + self.policy.stopwaitsecs.max(Duration::from_secs(1)));
        self.say(Said::Killing);
        self.actions.push(Action::Kill);
    }

    fn stopped(&mut self, code: Option<i32>) {
        self.life.alive = false;
        self.rest(State::Stopped);
        self.say(Said::Stopped { expected: self.policy.expects(code) });
    }
}
