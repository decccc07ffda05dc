//! The help (h, ?).

use super::{Interaction, Mode, marked};
use crate::tools::top::config::Flags;
use crate::tools::top::key::{Effect, Key};
use crate::tools::top::line::Line;

impl Interaction {
    /// What a key does on the help's pages.
    pub(super) fn help_key(&mut self, key: Key) -> Effect {
        let windows = matches!(self.mode, Mode::HelpWindows);
        match key {
            Key::Char('q') | Key::Esc => self.mode = Mode::Tasks,
            Key::Char('h' | '?') if !windows => self.mode = Mode::HelpWindows,
            Key::Enter if windows => self.mode = Mode::Tasks,
            Key::Char(step @ ('a' | 'w')) if windows => self.step_window(step == 'a'),
            Key::Char(number @ '1'..='4') if windows => {
                let number = u32::from(number) - u32::from('1');
                self.session.config.current = usize::try_from(number).unwrap_or_default();
            }
            _ => return Effect::None,
        }
        Effect::Draw
    }

    /// The first page.
    pub(super) fn help(&self) -> Vec<Line> {
        let config = &self.session.config;
        let window = config.window();
        let on = |on: bool| if on { "On" } else { "Off" };
        let version = self.session.version.version("top");
        let mut text = format!(
            "«Help for Interactive Commands» - {}\n\
             Window ‹{}:{}›: Cumulative mode «{}».  ‹System›: Delay «{:.1} secs»; Secure mode «{}».\n\n",
            version.trim_end().trim_start_matches("top from "),
            config.current + 1,
            window.name,
            on(window.flags.has(Flags::CUMULATIVE)),
            config.delay,
            on(self.secure),
        );
        text.push_str(COMMANDS);
        if !self.secure {
            text.push_str(SECURED);
        }
        text.push_str(OTHERS);
        marked::lines(&text)
    }

    /// The second page: windows.
    pub(super) fn help_windows(&self) -> Vec<Line> {
        let config = &self.session.config;
        let name = |at: usize| config.windows.get(at).map_or("", |window| window.name.as_str());
        let current = format!(
            "«Help for Windows / Field Groups» - \"Current Window\" = ‹ {}:{} ›\n\n",
            config.current + 1,
            config.window().name
        );
        let choice = format!(
            "              by selecting a number from: « 1» ={};« 2» ={};« 3» ={}; or« 4» ={}\n",
            name(0),
            name(1),
            name(2),
            name(3)
        );
        marked::lines(&[&current, WINDOWS, &choice, WITH_A].concat())
    }
}

/// What each key does. Where the original leaves a line blank, stands the key that it does not have.
const COMMANDS: &str = "\
‡  Z‡,‡B‡,E,e   Global: '«Z»' colors; '«B»' bold; '«E»'/'«e»' summary/task memory scale
  l,t,m,I   Toggle: '«l»' load avg; '«t»' task/cpu; '«m»' memory; '«I»' Irix mode
  0,1,2,3,4 Toggle: '«0»' zeros; '«1»/«2»/«3»' cpu/numa views; '«4»' cpus two abreast
  f,X       Fields: '«f»' add/remove/order/sort; '«X»' increase fixed-width fields

  L,&,<,> . Locate: '«L»'/'«&»' find/again; Move sort column: '«<»'/'«>»' left/right
  R,H,J,C . Toggle: '«R»' Sort; '«H»' Threads; '«J»' Num justify; '«C»' Coordinates
  c,i,S,j . Toggle: '«c»' Cmd name/line; '«i»' Idle; '«S»' Time; '«j»' Str justify
‡  x‡,‡y‡     . Toggle highlights: '«x»' sort field; '«y»' running tasks
‡  z‡,‡b‡     . Toggle: '«z»' color/mono; '«b»' bold/reverse (only if 'x' or 'y')
  u,U,o,O . Filter by: '«u»'/'«U»' effective/any user; '«o»'/'«O»' other criteria
  n,#,^O  . Set: '«n»'/'«#»' max tasks displayed; Show: «Ctrl»+'«O»' other filter(s)
  V,v,F   . Toggle: '«V»' forest view; '«v»' hide/show children; '«F»' keep focused
  K         Toggle: '«K»' container limits (on cgroup v2, '«1»' shows an estimate)
";
/// What secure mode does not do.
const SECURED: &str = "  d,k,r,^R '«d»' set delay; '«k»' kill; '«r»' renice; «Ctrl»+'«R»' renice autogroup
";
/// The rest.
const OTHERS: &str = "  ^G,K,N,U  View: ctl groups «^G»; cmdline «^K»; environment «^N»; supp groups «^U»
  W,Y,!,^E  Write cfg '«W»'; Inspect '«Y»'; Combine Cpus '«!»'; Scale time «^E»'
  q         Quit
          ( commands shown with '.' require a «visible» task display «window» ) 
Press '«h»' or '«?»' for help with «Windows»,
Type 'q' or <Esc> to continue ";

const WINDOWS: &str = "\
. Use multiple «windows», each with separate config opts (color,fields,sort,etc)
. The 'current' window controls the «Summary Area» and responds to your «Commands»
  . that window's «task display» can be turned «Off» & «On», growing/shrinking others
  . with «NO» task display, some commands will be «disabled» ('i','R','n','c', etc)
    until a «different window» has been activated, making it the 'current' window
. You «change» the 'current' window by: « 1») cycling forward/backward;« 2») choosing
  a specific field group; or« 3») exiting the color mapping or fields screens
. Commands «available anytime   -------------»
    A       . Alternate display mode toggle, show «Single» / «Multiple» windows
    g       . Choose another field group and make it 'current', or change now
";
const WITH_A: &str = "\
. Commands «requiring» '«A»' mode«  -------------»
    G       . Change the «Name» of the 'current' window/field group
 ‹*›  a , w   . Cycle through all four windows:  '«a»' Forward; '«w»' Backward
 ‹*›  - , _   . Show/Hide:  '«-»' «Current» window; '«_»' all «Visible»/«Invisible»
  The screen will be divided evenly between task displays.  But you can make
  some «larger» or «smaller», using '«n»' and '«i»' commands.  Then later you could:
 ‹*›  = , +   . Rebalance tasks:  '«=»' «Current» window; '«+»' «Every» window
              (this also forces the «current» or «every» window to become visible)

In '«A»' mode, '‹*›' keys are your «essential» commands.  Please try the '«a»' and '«w»'
commands plus the 'g' sub-commands NOW.  Press <Enter> to make 'Current' ";
