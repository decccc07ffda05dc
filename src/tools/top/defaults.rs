//! The settings where no rc file says otherwise: those of Debian's procps 4.0.2.

use super::config::{Config, Flags, Window};
use super::field::{COLUMNS, Field};
use crate::tools::procps::Procps;

/// The fields that 4.0.2 has; the others came later and stand last in every order.
pub(crate) const OLD_FIELDS: usize = 78;

/// Whether this version knows the field.
#[must_use]
pub(crate) fn known(field: Field, version: Procps) -> bool {
    version > Procps::V4_0_2 || (field as usize) < OLD_FIELDS
}

/// The fields of the window Def.
const DEF: &[Field] = &[
    Field::Pid,
    Field::User,
    Field::Pr,
    Field::Ni,
    Field::Virt,
    Field::Res,
    Field::Shr,
    Field::S,
    Field::Cpu,
    Field::Mem,
    Field::TimePlus,
    Field::Command,
];

/// Those of Job. Some stand among the shown and are hidden themselves, where the original put them.
const JOB: &[(Field, bool)] = &[
    (Field::Pid, true),
    (Field::Ppid, true),
    (Field::TimePlus, true),
    (Field::Cpu, true),
    (Field::Mem, true),
    (Field::User, false),
    (Field::Pr, true),
    (Field::Ni, true),
    (Field::S, true),
    (Field::Virt, true),
    (Field::Res, true),
    (Field::Shr, false),
    (Field::Swap, false),
    (Field::Uid, true),
    (Field::Command, true),
];

/// Those of Mem.
const MEM: &[(Field, bool)] = &[
    (Field::Pid, true),
    (Field::Mem, true),
    (Field::Virt, true),
    (Field::Swap, false),
    (Field::Res, true),
    (Field::Code, true),
    (Field::Data, true),
    (Field::Shr, true),
    (Field::Nmaj, true),
    (Field::Ooms, false),
    (Field::Nmin, false),
    (Field::Environ, false),
    (Field::Ndrt, true),
    (Field::S, false),
    (Field::Pr, false),
    (Field::Ni, false),
    (Field::Cpu, true),
    (Field::Command, true),
];

/// Those of Usr.
const USR: &[Field] = &[
    Field::Pid,
    Field::Ppid,
    Field::Uid,
    Field::User,
    Field::Ruser,
    Field::Tty,
    Field::TimePlus,
    Field::Cpu,
    Field::Mem,
    Field::S,
    Field::Command,
];

/// All fields, `first` before the others.
fn columns(first: impl IntoIterator<Item = (Field, bool)>) -> Vec<(Field, bool)> {
    let mut columns: Vec<(Field, bool)> = first.into_iter().collect();
    let others = COLUMNS.iter().map(|column| column.field).filter(|field| columns.iter().all(|(one, _)| one != field));
    let others: Vec<(Field, bool)> = others.map(|field| (field, false)).collect();
    columns.extend(others);
    columns
}

fn window(name: &str, columns: Vec<(Field, bool)>, sort: Field, colours: [i32; 4]) -> Window {
    Window {
        name: name.to_owned(),
        columns,
        flags: Flags::LOAD
            | Flags::STATES
            | Flags::CPU_SUM
            | Flags::MEMORY
            | Flags::HIGH_BOLD
            | Flags::HIGH_ROWS
            | Flags::IDLE
            | Flags::TASKS
            | Flags::NUMBERS_RIGHT
            | Flags::DESCENDING,
        sort,
        max_tasks: 0,
        graph_cpus: 0,
        graph_mems: 0,
        double_up: 0,
        combine_cpus: 0,
        colours,
        core_types: 0,
        cores_vs_cpus: None,
        filters: Vec::new(),
    }
}

impl Default for Config {
    fn default() -> Config {
        let shown = |fields: &'static [Field]| fields.iter().map(|field| (*field, true));
        Config {
            alternate: false,
            irix: true,
            delay: 3.0,
            current: 0,
            windows: [
                window("Def", columns(shown(DEF)), Field::Cpu, [1, 1, 3, 1]),
                window("Job", columns(JOB.iter().copied()), Field::Pid, [6, 6, 7, 6]),
                window("Mem", columns(MEM.iter().copied()), Field::Mem, [5, 5, 4, 5]),
                window("Usr", columns(shown(USR)), Field::User, [3, 3, 2, 3]),
            ],
            fixed_widest: 0,
            summary_scale: 1,
            task_scale: 0,
            zero_suppress: false,
            tics_scaled: 0,
            inspect: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_once() {
        for window in Config::default().windows {
            let mut fields: Vec<Field> = window.columns.iter().map(|(field, _)| *field).collect();
            assert!(fields.ends_with(&[Field::Cls, Field::Docker, Field::Nfd]));
            fields.sort();
            assert_eq!(fields, COLUMNS.map(|column| column.field), "{}", window.name);
        }
    }
}
