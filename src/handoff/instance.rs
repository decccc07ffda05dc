use crate::sys::Machine;
use crate::unit::Bytes;
use serde::Deserialize;
use std::path::Path;

/// What the host tells a container of itself: `/run/vat/host/instance.json`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Instance {
    /// The container's uuid.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// The host it runs on.
    pub host: String,
    /// When it was created, in seconds since 1970.
    pub created: Option<f64>,
    /// Its cgroup, as a path from the host's hierarchy root.
    pub cgroup: String,
    /// The CPUs it may run on, as a list ("0-3,8").
    pub cpuset: Option<String>,
    /// Its limits.
    pub limits: Limits,
}

/// The limits that the host set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Memory in bytes.
    pub memory: Option<u64>,
    /// CPUs' worth of time.
    pub cpus: Option<f64>,
    /// Tasks.
    pub pids: Option<u64>,
    /// What it may write to its disk, in bytes.
    pub disk: Option<u64>,
}

impl Instance {
    /// Parses the record.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Instance> {
        // A list would pass for a record whose fields have no names.
        bytes.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(bytes).ok()).flatten()
    }

    /// What the container may write to its disk.
    #[must_use]
    pub fn disk_quota(&self) -> Option<Bytes> {
        self.limits.disk.map(Bytes)
    }
}

/// Reads the host's record, where there is one that can be understood.
#[must_use]
pub fn instance(machine: &dyn Machine) -> Option<Instance> {
    Instance::parse(&super::read(machine, &Path::new(super::HOST_DIR).join("instance.json"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_may_lack_anything_and_may_hold_more() {
        let read: Instance =
            serde_json::from_str(r#"{"name": "web1", "limits": {"disk": 4096, "cpus": 1.5}, "new": [1]}"#).unwrap();
        assert_eq!((read.name.as_str(), read.disk_quota(), read.limits.cpus), ("web1", Some(Bytes(4096)), Some(1.5)));
    }

    #[test]
    fn a_hostile_record_is_no_record() {
        for bad in ["", "null", "[]", "{\"limits\": 3}", &"[".repeat(10_000), "{\"limits\": {\"disk\": -1}}"] {
            assert_eq!(Instance::parse(bad.as_bytes()), None, "{bad:.20}");
        }
    }
}
