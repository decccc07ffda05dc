//! `top -b`: frame after frame as plain text.

use super::row::Row;
use super::sampler::Sampler;
use super::session::Session;
use super::summary;
use crate::sys::Machine;
use std::io::{self, Write};
use std::time::Duration;

/// Prints `iterations` frames (for ever where `None`), each `screen` columns wide.
///
/// # Errors
/// Those of reading what top cannot do without, and of writing.
pub fn run(
    session: &mut Session,
    sampler: &mut Sampler<'_>,
    machine: &dyn Machine,
    iterations: Option<u64>,
    screen: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let delay = Duration::try_from_secs_f64(session.config.delay).unwrap_or(Duration::MAX);
    let mut frames = 0;
    loop {
        print(session, sampler, screen, out)?;
        frames += 1;
        if iterations.is_some_and(|most| frames >= most) {
            return out.flush();
        }
        writeln!(out)?;
        out.flush()?;
        machine.sleep(delay);
    }
}

fn print(session: &mut Session, sampler: &mut Sampler<'_>, screen: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut frame = sampler.take(&session.wanted())?;
    for line in summary::lines(&frame, session, screen) {
        out.write_all(line.text.get(..screen).unwrap_or(&line.text))?;
        out.write_all(b"\n")?;
    }
    // Where the screen has its messages.
    out.write_all(b"\n")?;
    for at in session.shown() {
        let (mut tasks, _) = session.arrange(at, &mut frame, screen);
        let most = session.config.windows.get(at).map_or(0, |window| window.max_tasks);
        if most > 0 {
            tasks.truncate(most);
        }
        let mut written = Ok(());
        let mut fill = |rows: &mut dyn Iterator<Item = &mut Row>, needs| sampler.fill(rows, needs);
        session.table(at, &mut frame, &mut fill, &tasks, screen, |line| {
            if written.is_ok() {
                let text = line.text.trim_ascii_end();
                written = out.write_all(text).and_then(|()| out.write_all(b"\n"));
            }
        });
        written?;
        // As the original: by one, for the next frame.
        session.grow(at, &frame, &tasks, screen, 1);
    }
    Ok(())
}
