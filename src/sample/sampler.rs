use super::beat::Beat;
use super::cost::Cost;
use super::pids::{PidsHigh, PidsWatch};
use crate::container::{self, Load};
use crate::handoff::{self, Taken};
use crate::read::find::{self, Own, Place};
use crate::read::{self, Activity, Reader, Scan};
use crate::sys::{Machine, clock};
use std::io;
use std::time::Duration;

/// Samples the load of the container that this process is in, and writes `/run/vat/loadavg`.
pub struct Sampler<'m> {
    machine: &'m dyn Machine,
    reader: Reader<'m>,
    own: Own,
    scan: Scan,
    beat: Beat,
    /// The beat in which it was last called, also where /proc could not be read then.
    called: Option<u64>,
    /// What the next sample goes on from.
    before: Option<Reading>,
    load: Load,
    pids: PidsWatch,
    cost: Cost,
    /// Why the file could not be written the last time.
    unwritten: Option<io::ErrorKind>,
}

/// A sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The three averages.
    pub load: Load,
    /// What the container's threads do, the sampler's own left out.
    pub activity: Activity,
    /// All threads.
    pub threads: u64,
    /// The pid given last.
    pub last_pid: u64,
    /// The container has come near to its limit of tasks since the last sample.
    pub pids_high: Option<PidsHigh>,
    /// Why `/run/vat/loadavg` cannot be written: told once, and again when the reason is another.
    pub trouble: Option<String>,
}

/// One look at the container.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// In which beat.
    beat: u64,
    active: u64,
    /// How long this process had wanted to run so far and did not.
    waited: Duration,
}

impl<'m> Sampler<'m> {
    /// Gets ready. `None` on a bare machine, where the kernel's own figure is the truth, and in a container whose tasks cannot be
    /// told, because nothing says which they are. `pids_high` is the part of the limit of tasks that is told of, in percent; 0 for
    /// never.
    ///
    /// # Errors
    /// When /proc cannot be opened.
    pub fn new(machine: &'m dyn Machine, pids_high: u8) -> io::Result<Option<Sampler<'m>>> {
        let reader = Reader::new(machine);
        let Place::Inside(own) = find::own(&reader) else { return Ok(None) };
        if read::processes(&reader, &own).is_none() {
            return Ok(None);
        }
        Ok(Some(Sampler {
            machine,
            reader,
            own,
            scan: Scan::new(machine.root())?,
            beat: Beat::new(clock::tick(), clock::monotonic()),
            called: None,
            before: None,
            load: Load::default(),
            pids: PidsWatch::new(pids_high),
            cost: Cost::default(),
            unwritten: None,
        }))
    }

    /// In how much time the next sample is due: at once the first, then one after each of the kernel's own.
    #[must_use]
    pub fn due_in(&self) -> Duration {
        self.called.map_or(Duration::ZERO, |beat| self.beat.until_after(beat, clock::monotonic()))
    }

    /// What it has cost so far.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Takes a sample and writes it. Called too early it tells what there is now, and the averages stay as they are; called late it
    /// catches up.
    ///
    /// # Errors
    /// When /proc cannot be read; the next sample is due all the same.
    pub fn sample(&mut self) -> io::Result<Sample> {
        let before = clock::thread_cpu_time();
        let sample = self.take();
        self.cost.add(clock::thread_cpu_time().saturating_sub(before));
        sample
    }

    fn take(&mut self) -> io::Result<Sample> {
        let beat = self.beat.count(clock::monotonic());
        self.called = Some(beat);
        let tasks = self.scan.tasks(&self.reader, Some(&self.own), &[], false)?;
        let activity = self.scan.activity(&tasks, self.machine.pid());
        let waited = read::waited_to_run(&self.reader).unwrap_or_default();
        let reading = Reading { beat, active: activity.active(), waited };
        self.load = match self.before.replace(reading) {
            Some(before) => reading.after(before, self.load),
            None => self.begin(reading.active),
        };
        let threads = tasks.iter().map(|task| task.stat.num_threads).sum();
        let highest = || tasks.iter().map(|task| task.tgid).max().unwrap_or(0);
        // The file's other figures are the host's, but this one is of the reader's pid namespace.
        let last_pid = read::loadavg(&self.reader).map_or_else(|| u64::from(highest()), |loadavg| loadavg.last_pid);
        let pids = read::pids(&self.reader, &self.own);
        let pids_high = pids.and_then(|pids| self.pids.look(pids, &tasks));
        // What was wrong with a file is for those who show what it says.
        drop(self.reader.take_notes());
        let mut sample = Sample { load: self.load, activity, threads, last_pid, pids_high, trouble: None };
        sample.trouble = self.write(&sample);
        Ok(sample)
    }

    /// What to go on from: what a sampler before this one left, or else what the averages would be if as many threads as now had been
    /// active since the container started. In a new container that is nothing, as on a machine that boots.
    fn begin(&self, active: u64) -> Load {
        if let Some(sample) = handoff::loadavg(self.machine) {
            return Load(sample.loads).missed(active, self.beat.within(sample.age));
        }
        match read::started(&self.reader, &self.own) {
            Some(started) => {
                let up = container::uptime(self.machine.boottime(), started).value;
                Load::default().missed(active, self.beat.within(up))
            }
            None => Load::steady(active),
        }
    }

    /// Writes the sample, and says why not.
    fn write(&mut self, sample: &Sample) -> Option<String> {
        let taken = Taken {
            hundredths: sample.load.hundredths(),
            runnable: sample.activity.runnable,
            threads: sample.threads,
            last_pid: sample.last_pid,
            taken: self.machine.boottime(),
            loads: sample.load.0,
        };
        let error = handoff::write_loadavg(self.machine, &taken).err();
        let said = std::mem::replace(&mut self.unwritten, error.as_ref().map(io::Error::kind));
        let error = error.filter(|error| said != Some(error.kind()))?;
        Some(format!("the load average cannot be written: {error}"))
    }
}

impl Reading {
    /// The averages now, where they were `load` at the reading before.
    fn after(self, before: Reading, load: Load) -> Load {
        let Some(missed) = self.beat.saturating_sub(before.beat).checked_sub(1) else { return load };
        let active = if self.was_frozen(before, missed) { 0 } else { self.active };
        load.missed(active, missed).sampled(self.active)
    }

    /// Whether samples were missed because the container was frozen, as by `docker pause`. A sampler that is late for want of CPU
    /// time has wanted to run all the while.
    fn was_frozen(self, before: Reading, missed: u64) -> bool {
        self.waited.saturating_sub(before.waited).as_secs() < missed.saturating_mul(container::SAMPLE_SECONDS) / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(beat: u64, active: u64, waited: u64) -> Reading {
        Reading { beat, active, waited: Duration::from_secs(waited) }
    }

    #[test]
    fn each_beat_counts_once() {
        let load = Load([1000, 800, 600]);
        assert_eq!(reading(7, 4, 0).after(reading(7, 1, 0), load), load);
        assert_eq!(reading(6, 4, 0).after(reading(7, 1, 0), load), load, "a clock that went back");
        assert_eq!(reading(8, 4, 0).after(reading(7, 1, 0), load), load.sampled(4));
    }

    #[test]
    fn a_late_sampler_catches_up_with_what_runs_and_a_frozen_container_rests() {
        let load = Load::steady(4);
        let late = reading(19, 4, 55).after(reading(7, 4, 0), load);
        assert_eq!(late, load);
        let [one, five, fifteen] = reading(19, 4, 3).after(reading(7, 4, 0), load).hundredths();
        assert!((175..=183).contains(&one), "e^-11/12 of 4, then a sample of 4: {one}");
        assert!(five > 320 && fifteen > 370, "{five} {fifteen}");
    }
}
