use super::{Action, Event, Life, Policy, Said, State, step};
use crate::init::config::{Autorestart, Restart};
use std::time::Duration;

fn policy() -> Policy {
    Policy {
        startsecs: Duration::from_secs(1),
        startretries: Some(3),
        autorestart: Autorestart::Unexpected,
        exitcodes: vec![0],
        stopwaitsecs: Duration::from_secs(10),
        restart: Restart { delay: None, delay_max: None, window: None },
        ready_within: None,
        scheduled: false,
    }
}

const EVENTS: [Event; 10] = [
    Event::Start,
    Event::Spawned,
    Event::SpawnFailed,
    Event::Up,
    Event::Due,
    Event::Ended { code: Some(0) },
    Event::Ended { code: None },
    Event::Stop,
    Event::GiveUp,
    Event::Lost,
];

/// A process that lives through events at given times (milliseconds).
struct Story {
    policy: Policy,
    life: Life,
}

impl Story {
    fn of(policy: Policy) -> Story {
        Story { policy, life: Life::default() }
    }

    fn at(&mut self, milliseconds: u64, event: Event) -> Vec<Action> {
        let now = Duration::from_millis(milliseconds);
        let (life, actions) = step(&self.life, event, now, &self.policy, true);
        self.life = life;
        entered(&actions)
    }

    fn due(&self) -> Option<u128> {
        self.life.due.map(|due| due.as_millis())
    }

    fn started_at(&mut self, milliseconds: u64) {
        self.at(milliseconds, Event::Start);
        self.at(milliseconds, Event::Spawned);
    }
}

/// What was entered, whatever the tries.
fn entered(actions: &[Action]) -> Vec<Action> {
    let without_tries = |action: &Action| match *action {
        Action::Enter { from, to, expected, .. } => Action::Enter { from, to, expected, tries: 0 },
        other => other,
    };
    actions.iter().map(without_tries).collect()
}

fn enter(from: State, to: State) -> Action {
    Action::Enter { from, to, expected: true, tries: 0 }
}

#[test]
fn it_starts_stays_up_and_stops() {
    let mut story = Story::of(policy());
    assert_eq!(story.at(1000, Event::Start), [enter(State::Stopped, State::Starting), Action::Spawn]);
    assert_eq!(story.at(1000, Event::Spawned), []);
    assert_eq!(story.due(), Some(2000));
    assert_eq!(story.at(2000, Event::Due), [enter(State::Starting, State::Running), Action::Say(Said::Success)]);
    assert_eq!(story.due(), None);
    assert_eq!(story.at(5000, Event::Stop), [enter(State::Running, State::Stopping), Action::Stop]);
    assert_eq!(story.due(), Some(15000));
    assert_eq!(story.at(15000, Event::Due), [Action::Say(Said::Killing), Action::Kill]);
    assert_eq!(story.due(), Some(25000));
    let stopped = [enter(State::Stopping, State::Stopped), Action::Say(Said::Stopped { expected: false })];
    assert_eq!(story.at(15100, Event::Ended { code: None }), stopped);
    assert_eq!((story.due(), story.life.alive), (None, false));
}

#[test]
fn it_backs_off_a_second_longer_each_time_and_gives_up() {
    let mut story = Story::of(policy());
    let mut now = 1000;
    for tries in 1..=4 {
        story.started_at(now);
        let actions = story.at(now + 10, Event::Ended { code: Some(0) });
        assert_eq!(actions[..2], [enter(State::Starting, State::Backoff), Action::Say(Said::TooQuickly)]);
        if tries <= 3 {
            assert_eq!(
                (story.life.backoff, story.due()),
                (tries, Some(u128::from(now + 10 + u64::from(tries) * 1000)))
            );
            now += 10 + u64::from(tries) * 1000;
        } else {
            assert_eq!(actions[2..], [enter(State::Backoff, State::Fatal), Action::Say(Said::GaveUp)]);
            assert_eq!((story.life.backoff, story.due()), (0, None));
        }
    }
    // By hand it may be tried again.
    assert_eq!(story.at(99_000, Event::Start), [enter(State::Fatal, State::Starting), Action::Spawn]);
}

#[test]
fn who_listens_hears_how_many_tries_failed() {
    let mut story = Story::of(Policy { startretries: Some(1), ..policy() });
    story.started_at(1000);
    story.at(1000, Event::Ended { code: None });
    story.started_at(2000);
    let (_, actions) = step(&story.life, Event::Ended { code: None }, Duration::from_secs(2), &story.policy, true);
    let told = |action: &Action| match action {
        Action::Enter { to, tries, .. } => Some((*to, *tries)),
        _ => None,
    };
    assert_eq!(actions.iter().filter_map(told).collect::<Vec<_>>(), [(State::Backoff, 2), (State::Fatal, 0)]);
}

#[test]
fn what_cannot_be_made_backs_off_too() {
    let mut story = Story::of(Policy { startretries: Some(0), ..policy() });
    story.at(1000, Event::Start);
    let fatal =
        [enter(State::Starting, State::Backoff), enter(State::Backoff, State::Fatal), Action::Say(Said::GaveUp)];
    assert_eq!(story.at(1000, Event::SpawnFailed), fatal);
}

#[test]
fn an_end_after_it_was_up_is_an_exit_even_before_the_timer() {
    let mut story = Story::of(policy());
    story.started_at(1000);
    let actions = story.at(2000, Event::Ended { code: Some(1) });
    let exited = Action::Enter { from: State::Running, to: State::Exited, expected: false, tries: 0 };
    let said = Action::Say(Said::Exited { expected: false });
    assert_eq!(actions, [enter(State::Starting, State::Running), exited, said]);
    assert_eq!(story.due(), Some(2000), "a restart at once, for it lived longer than a second");
    assert_eq!(story.at(2000, Event::Due), [enter(State::Exited, State::Starting), Action::Spawn]);
}

#[test]
fn who_is_started_again() {
    for (autorestart, code, again) in [
        (Autorestart::Never, Some(1), false),
        (Autorestart::Unexpected, Some(0), false),
        (Autorestart::Unexpected, Some(1), true),
        (Autorestart::Unexpected, None, true),
        (Autorestart::Always, Some(0), true),
    ] {
        let mut story = Story::of(Policy { autorestart, ..policy() });
        story.started_at(1000);
        story.at(9000, Event::Ended { code });
        assert_eq!(story.due().is_some(), again, "{autorestart:?} {code:?}");
        let mut story = Story::of(Policy { autorestart, scheduled: true, ..policy() });
        story.started_at(1000);
        story.at(9000, Event::Ended { code });
        assert_eq!(story.due(), None);
    }
}

#[test]
fn no_tight_loop_with_startsecs_0() {
    let policy = Policy { startsecs: Duration::ZERO, autorestart: Autorestart::Always, ..policy() };
    let mut story = Story::of(policy);
    story.started_at(1000);
    assert_eq!(story.due(), Some(1000));
    story.at(1000, Event::Due);
    story.at(1010, Event::Ended { code: Some(0) });
    assert_eq!(story.due(), Some(2000));
    // Whoever does not want the restart can say so until then.
    assert_eq!(story.at(1020, Event::Stop), [enter(State::Exited, State::Stopped)]);
    assert_eq!(story.due(), None);
}

#[test]
fn delays_that_double_up_to_a_cap() {
    let seconds = Duration::from_secs;
    let restart = Restart { delay: Some(seconds(2)), delay_max: Some(seconds(5)), window: None };
    let mut story = Story::of(Policy { restart, startretries: None, ..policy() });
    let mut waits = Vec::new();
    let mut now = 1000;
    for _ in 0..40 {
        story.started_at(now);
        story.at(now, Event::Ended { code: Some(1) });
        let wait = story.life.due.unwrap() - Duration::from_millis(now);
        waits.push(wait.as_secs());
        now += u64::try_from(wait.as_millis()).unwrap();
    }
    assert_eq!((&waits[..4], waits[39]), (&[2, 4, 5, 5][..], 5));
    assert_eq!(story.life.state, State::Backoff, "without an end");
    story.started_at(now);
    story.at(now + 5000, Event::Due);
    story.at(now + 6000, Event::Ended { code: Some(1) });
    assert_eq!(story.due(), Some(u128::from(now + 8000)), "and between an exit and the restart");
}

#[test]
fn too_many_starts_in_a_window() {
    let restart = Restart { delay: None, delay_max: None, window: Some((Duration::from_secs(60), 2)) };
    let mut story = Story::of(Policy { restart, autorestart: Autorestart::Always, ..policy() });
    for start in [0, 10_000, 20_000] {
        story.started_at(1000 + start);
        assert_eq!(story.at(6000 + start, Event::Ended { code: Some(0) }).len(), 3);
    }
    let gave_up = [enter(State::Exited, State::Fatal), Action::Say(Said::TooOften)];
    assert_eq!(story.at(31_000, Event::Due), gave_up);
    // Once more by hand, and the window begins anew.
    assert_eq!(story.at(32_000, Event::Start).len(), 2);
}

#[test]
fn it_tells_itself_that_it_is_up() {
    let mut story = Story::of(Policy { ready_within: Some(Duration::from_secs(60)), ..policy() });
    story.at(1000, Event::Start);
    assert_eq!(story.at(1000, Event::Up), [], "nobody is there to say it");
    story.at(1000, Event::Spawned);
    assert_eq!(story.due(), Some(61_000));
    assert_eq!(story.at(8000, Event::Up), [enter(State::Starting, State::Running), Action::Say(Said::IsReady)]);

    story.at(9000, Event::Ended { code: Some(0) });
    story.started_at(10_000);
    assert_eq!(story.at(70_000, Event::Due), [Action::Say(Said::NotReady), Action::Kill]);
    assert_eq!(story.at(70_001, Event::Ended { code: None })[0], enter(State::Starting, State::Backoff));
}

#[test]
fn nothing_starts_while_the_supervisor_stops() {
    let policy = Policy { autorestart: Autorestart::Always, ..policy() };
    let now = Duration::from_secs(100);
    for state in State::ALL {
        for event in EVENTS {
            let life = Life { state, started: Some(Duration::from_secs(1)), alive: true, ..Life::default() };
            let (life, actions) = step(&life, event, now, &policy, false);
            assert!(!actions.contains(&Action::Spawn), "{state:?} {event:?}");
            assert!(life.state != State::Exited || life.due.is_none(), "{state:?} {event:?}");
        }
    }
}

#[test]
fn every_pair_has_an_answer_and_leaves_a_life_that_makes_sense() {
    let now = Duration::from_secs(100);
    for state in State::ALL {
        for alive in [false, true] {
            for event in EVENTS {
                let life = Life { state, started: Some(Duration::from_secs(1)), alive, ..Life::default() };
                let (next, actions) = step(&life, event, now, &policy(), true);
                let entered: Vec<State> = actions
                    .iter()
                    .filter_map(|action| match action {
                        Action::Enter { to, .. } => Some(*to),
                        _ => None,
                    })
                    .collect();
                let last = entered.last().copied().unwrap_or(state);
                assert_eq!(last, next.state, "{state:?} {event:?}: who listens hears of it");
                assert!(!next.state.is_stopped() || next.state == State::Exited || next.due.is_none());
                assert!(event != Event::Stop || !next.state.is_running(), "{state:?} {event:?}");
                assert!(!matches!(event, Event::Ended { .. }) || !next.state.is_signallable() || !alive, "{state:?}");
            }
        }
    }
}

#[test]
fn the_waiting_need_not_be_signalled() {
    let mut story = Story::of(policy());
    story.at(1000, Event::Start);
    assert_eq!(story.at(1500, Event::Stop), [enter(State::Starting, State::Stopped)]);
    let mut story = Story::of(policy());
    story.at(1000, Event::Start);
    story.at(1000, Event::SpawnFailed);
    assert_eq!(story.at(1500, Event::Stop), [enter(State::Backoff, State::Stopped)]);
    let mut story = Story::of(policy());
    story.at(1000, Event::Start);
    story.at(1000, Event::SpawnFailed);
    assert_eq!(story.at(1500, Event::GiveUp), [enter(State::Backoff, State::Fatal)]);
}

#[test]
fn who_cannot_be_signalled_is_lost() {
    let mut story = Story::of(policy());
    story.started_at(1000);
    story.at(1500, Event::Stop);
    assert_eq!(story.at(1500, Event::Lost), [enter(State::Stopping, State::Unknown)]);
    assert_eq!(story.at(1600, Event::Start), []);
}
