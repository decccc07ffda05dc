//! Looks become colours and bold; and the screen where the user chooses them (Z).

use super::{Interaction, Mode, marked};
use crate::tools::top::config::{Flags, Window};
use crate::tools::top::key::{Effect, Key};
use crate::tools::top::line::{Line, Look, Style};

/// What a look is in a window. Without colours bold and reverse must do; what is not to be bold is plain.
pub(super) fn style(look: Look, window: &Window) -> Style {
    let plain = Style::default();
    let colours = window.flags.has(Flags::COLOURS);
    let [summary, messages, head, task] = window.colours.map(|colour| u8::try_from(colour).ok().filter(|_| colours));
    let bold = !window.flags.has(Flags::NO_BOLD);
    let reverse = |colour| Style { colour, reverse: true, ..plain };
    let strong = |colour| if bold { Style { colour, bold, ..plain } } else { plain };
    match look {
        Look::Plain => plain,
        Look::Is(style) => style,
        Look::Summary => Style { colour: summary, ..plain },
        Look::SummaryStrong => strong(None),
        Look::Message => reverse(messages),
        Look::Prompt => strong(messages),
        Look::Header => reverse(head),
        Look::HeaderStrong => Style { bold, ..reverse(head) },
        Look::Task => Style { colour: task, ..plain },
        Look::TaskStrong if window.flags.has(Flags::HIGH_BOLD) => strong(task),
        Look::TaskStrong => reverse(task),
        Look::Reverse => reverse(None),
    }
}

/// The parts of a window that have a colour, by the key that chooses them; in the order of [`Window::colours`].
const TARGETS: [char; 4] = ['S', 'M', 'H', 'T'];
/// The tasks, which are chosen first.
const TASKS: usize = 3;

/// What the user is about to change.
#[derive(Debug)]
pub(super) struct Colours {
    /// Which colour.
    target: usize,
    /// The window as it was.
    before: (Flags, [i32; 4]),
}

impl Colours {
    fn of(window: &mut Window) -> Colours {
        let before = (window.flags, window.colours);
        // Else there would be nothing to see.
        window.flags.set(Flags::COLOURS, true);
        Colours { target: TASKS, before }
    }
}

impl Interaction {
    /// Goes to the screen.
    pub(super) fn open_colours(&mut self) -> Effect {
        self.mode = Mode::Colours(Colours::of(self.session.config.window_mut()));
        Effect::Draw
    }

    /// What a key does there.
    pub(super) fn colours_key(&mut self, key: Key) -> Effect {
        let Mode::Colours(colours) = &mut self.mode else { return Effect::None };
        let most = i32::from(self.palette.max(2));
        let window = self.session.config.window_mut();
        let mut turn = |by: i32| {
            if let Some(colour) = window.colours.get_mut(colours.target) {
                *colour = (*colour + by).rem_euclid(most);
            }
        };
        match key {
            Key::Char(c @ '0'..='7') => {
                if let Some(colour) = window.colours.get_mut(colours.target) {
                    *colour = i32::try_from(u32::from(c) - u32::from('0')).unwrap_or_default();
                }
            }
            Key::Up => turn(1),
            Key::Down => turn(-1),
            Key::Char('B') => window.flags.toggle(Flags::NO_BOLD),
            Key::Char('b') => window.flags.toggle(Flags::HIGH_BOLD),
            Key::Char('z') => window.flags.toggle(Flags::COLOURS),
            Key::Char(step @ ('a' | 'w')) => {
                self.step_window(step == 'a');
                return self.open_colours();
            }
            Key::Char('q') | Key::Esc => {
                (window.flags, window.colours) = colours.before;
                self.mode = Mode::Tasks;
            }
            Key::Enter => self.mode = Mode::Tasks,
            Key::Char(c) => {
                if let Some(target) = TARGETS.iter().position(|target| *target == c) {
                    colours.target = target;
                }
            }
            _ => {}
        }
        Effect::Draw
    }

    /// The screen.
    pub(super) fn colours(&self, colours: &Colours) -> Vec<Line> {
        let config = &self.session.config;
        let window = config.window();
        let on = |on: bool| if on { "«On»" } else { "«Off»" };
        let number = config.current + 1;
        let name = &window.name;
        let bold = on(window.flags.has(Flags::NO_BOLD));
        let colour = on(window.flags.has(Flags::COLOURS));
        let high = on(window.flags.has(Flags::HIGH_BOLD));
        let mut lines = marked::lines(&format!("«Help for color mapping» - \"Current Window\" = ‹ {number}:{name} ›"));
        lines.push(Line::default());
        lines.extend(sample());
        lines.extend(marked::lines(&format!(
            "   available toggles: «B» =disable bold globally ({bold}),\n\
             \u{20}      «z» =color/mono ({colour}), «b» =tasks \"bold\"/reverse ({high})\n\n"
        )));
        let chosen = |line: &mut Line, what: String| {
            line.part(Look::Message, format!(" {what} ")).part(Look::Plain, ":");
        };
        let mut target = marked::line("1) Select a «target» as an upper case letter, «current target» is ");
        chosen(&mut target, TARGETS.get(colours.target).map(char::to_string).unwrap_or_default());
        lines.push(target);
        lines.extend(marked::lines(
            "«   S» = Summary Data,«  M» = Messages/Prompts,\n\
             «   H» = Column Heads,«  T» = Task Information\n\
             2) Select a «color» as a number or use the up/down arrow keys",
        ));
        let mut value =
            marked::line(&format!("   to raise/lower the {} colors value, «current color» is ", self.palette));
        chosen(&mut value, window.colours.get(colours.target).map(i32::to_string).unwrap_or_default());
        lines.push(value);
        lines.extend(marked::lines(&format!(
            "«   0» = black,«  1» = red,    «  2» = green,«  3» = yellow,\n\
             «   4» = blue, «  5» = magenta,«  6» = cyan, «  7» = white\n\n\
             3) Then use these keys when finished:\n   \
             'q' or <Esc> to abort changes to window '«{number}:{name}»'\n   \
             'a' or 'w' to commit & change another, <Enter> to commit and end "
        )));
        lines
    }
}

/// What top looks like.
fn sample() -> [Line; 8] {
    use Look::{Header, Message, Plain, Prompt, Summary, SummaryStrong, Task, TaskStrong};
    let line = |parts: &[(Look, &str)]| {
        let mut line = Line::default();
        parts.iter().for_each(|(look, text)| _ = line.part(*look, text));
        line
    };
    [
        line(&[(Plain, "   color - 04:25:44 up 8 days, 50 min,  7 users,  load average:")]),
        line(&[
            (Summary, "   Tasks:"),
            (SummaryStrong, "  64 "),
            (Summary, "total,   2 running,"),
            (SummaryStrong, "  62 "),
            (Summary, "sleeping,"),
            (SummaryStrong, "   0 "),
            (Summary, "stopped,"),
        ]),
        line(&[
            (Summary, "   %Cpu(s):"),
            (SummaryStrong, "  76.5 "),
            (Summary, "user,"),
            (SummaryStrong, "  11.2 "),
            (Summary, "system,"),
            (SummaryStrong, "   0.0 "),
            (Summary, "nice,"),
            (SummaryStrong, "  12.3 "),
            (Summary, "idle"),
        ]),
        line(&[(Plain, "   "), (Message, " Nasty Message! "), (Plain, "  -or-  "), (Prompt, "Input Prompt")]),
        line(&[(Plain, "   "), (Header, "  PID TTY     PR  NI %CPU    TIME+   VIRT SWAP S COMMAND    ")]),
        line(&[
            (Task, "   17284 "),
            (TaskStrong, "pts/2  "),
            (Task, "  8   0  0.0   0:00.75  1380    0 S /bin/bash   "),
        ]),
        line(&[(Plain, "   "), (TaskStrong, " 8601 pts/1    7 -10  0.4   0:00.03   916    0 R color -b -z")]),
        line(&[
            (Task, "   11005 "),
            (TaskStrong, "?      "),
            (Task, "  9   0  0.0   0:02.50  2852 1008 S amor -sessi"),
        ]),
    ]
}
