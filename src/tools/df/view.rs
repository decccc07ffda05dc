//! What df shows: rows of figures in, cells of text out.

use super::arguments::{Arguments, Shape};
use super::block_size::BlockSize;
use crate::container::Usage;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What is mounted.
    Source,
    /// The filesystem's type.
    FsType,
    /// All inodes.
    InodesTotal,
    /// Inodes used.
    InodesUsed,
    /// Inodes available.
    InodesAvailable,
    /// Percentage of inodes used.
    InodesPercent,
    /// All space.
    Size,
    /// Space used.
    Used,
    /// Space available.
    Available,
    /// Percentage of space used.
    Percent,
    /// The FILE of the command line.
    File,
    /// Where it is mounted.
    Target,
}

impl Field {
    /// All of them, in the order of `--output`.
    pub const ALL: [Field; 12] = [
        Field::Source,
        Field::FsType,
        Field::InodesTotal,
        Field::InodesUsed,
        Field::InodesAvailable,
        Field::InodesPercent,
        Field::Size,
        Field::Used,
        Field::Available,
        Field::Percent,
        Field::File,
        Field::Target,
    ];

    /// Its name to `--output`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::Source => "source",
            Field::FsType => "fstype",
            Field::InodesTotal => "itotal",
            Field::InodesUsed => "iused",
            Field::InodesAvailable => "iavail",
            Field::InodesPercent => "ipcent",
            Field::Size => "size",
            Field::Used => "used",
            Field::Available => "avail",
            Field::Percent => "pcent",
            Field::File => "file",
            Field::Target => "target",
        }
    }

    pub(super) fn named(name: &[u8]) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.name().as_bytes() == name)
    }

    /// The width that its column has at the least.
    pub(super) fn width(self) -> usize {
        match self {
            Field::Source => 14,
            Field::FsType | Field::InodesPercent | Field::Percent => 4,
            Field::File | Field::Target => 0,
            _ => 5,
        }
    }

    /// Names stand at the left, figures at the right.
    pub(super) fn is_left(self) -> bool {
        matches!(self, Field::Source | Field::FsType | Field::File | Field::Target)
    }

    fn heading(self, shape: &Shape, size: &BlockSize) -> String {
        let heading = match self {
            Field::Source => "Filesystem",
            Field::FsType => "Type",
            Field::InodesTotal => "Inodes",
            Field::InodesUsed => "IUsed",
            Field::InodesAvailable => "IFree",
            Field::InodesPercent => "IUse%",
            Field::Size if *shape == Shape::Posix => return format!("{}-blocks", size.bytes),
            Field::Size if !size.human => return format!("{}-blocks", size.name()),
            Field::Size => "Size",
            Field::Used => "Used",
            Field::Available if matches!(shape, Shape::Blocks | Shape::Posix) => "Available",
            Field::Available => "Avail",
            Field::Percent if *shape == Shape::Posix => "Capacity",
            Field::Percent => "Use%",
            Field::File => "File",
            Field::Target => "Mounted on",
        };
        heading.to_owned()
    }
}

/// A filesystem as a row of the table. A name that is not known is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) source: Option<Vec<u8>>,
    pub(super) fs_type: Option<Vec<u8>>,
    pub(super) file: Option<Vec<u8>>,
    pub(super) target: Option<Vec<u8>>,
    pub(super) blocks: Usage,
    pub(super) inodes: Usage,
}

impl Row {
    /// The row of the grand total. It is called so in the first column that can say it.
    pub(super) fn total(rows: &[Row], fields: &[Field]) -> Row {
        let (mut blocks, mut inodes) = (Usage::NOTHING, Usage::NOTHING);
        for row in rows {
            blocks.add(&row.blocks);
            inodes.add(&row.inodes);
        }
        let name = Some(b"total".to_vec());
        let (source, target) = if fields.contains(&Field::Source) { (name, None) } else { (None, name) };
        Row { source, fs_type: None, file: None, target, blocks, inodes }
    }

    fn cell(&self, field: Field, size: &BlockSize) -> Vec<u8> {
        let name = |name: &Option<Vec<u8>>| name.clone().unwrap_or_else(|| b"-".to_vec());
        let percent = |usage: &Usage| usage.percent().map(|percent| format!("{percent}%"));
        let (blocks, inodes) = (&self.blocks, &self.inodes);
        let bytes = |count: i128| size.show(count, blocks.unit);
        let count = |count: i128| size.show_count(count);
        let text = match field {
            Field::Source => return name(&self.source),
            Field::FsType => return name(&self.fs_type),
            Field::File => return name(&self.file),
            Field::Target => return name(&self.target),
            Field::InodesTotal => inodes.total.map(|figure| count(figure.value)),
            Field::InodesUsed => inodes.used.map(|figure| count(figure.value)),
            Field::InodesAvailable => inodes.available.map(|figure| count(figure.value)),
            Field::InodesPercent => percent(inodes),
            Field::Size => blocks.total.map(|figure| bytes(figure.value)),
            Field::Used => blocks.used.map(|figure| bytes(figure.value)),
            Field::Available => blocks.available.map(|figure| bytes(figure.value)),
            Field::Percent => percent(blocks),
        };
        text.unwrap_or_else(|| "-".to_owned()).into_bytes()
    }
}

/// The columns that the arguments ask for.
pub(super) fn fields(arguments: &Arguments) -> Vec<Field> {
    let [total, used, available, percent] = match &arguments.shape {
        Shape::Fields(fields) => return fields.clone(),
        Shape::Inodes => [Field::InodesTotal, Field::InodesUsed, Field::InodesAvailable, Field::InodesPercent],
        Shape::Blocks | Shape::Posix | Shape::Human => [Field::Size, Field::Used, Field::Available, Field::Percent],
    };
    let mut fields = vec![Field::Source];
    fields.extend(arguments.print_type.then_some(Field::FsType));
    fields.extend([total, used, available, percent, Field::Target]);
    fields
}

/// The headings and the cells of all rows, a line each.
pub(super) fn cells(rows: &[Row], fields: &[Field], arguments: &Arguments) -> Vec<Vec<Vec<u8>>> {
    let size = &arguments.size;
    let headings = fields.iter().map(|field| field.heading(&arguments.shape, size).into_bytes()).collect();
    let mut lines: Vec<Vec<Vec<u8>>> = Vec::with_capacity(rows.len() + 1);
    lines.push(headings);
    lines.extend(rows.iter().map(|row| fields.iter().map(|field| row.cell(*field, size)).collect()));
    lines
}
