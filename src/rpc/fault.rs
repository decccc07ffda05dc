//! What a method answers instead of a value.

use std::fmt;

/// A fault: a number, and a text for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `faultCode`. Of another program's reply it may be any.
    pub code: i64,
    /// `faultString`: the name of the code, and often a colon and more.
    pub message: String,
}

impl Fault {
    /// A fault that says more than its name: `BAD_NAME: web`.
    #[must_use]
    pub fn because(code: Code, extra: impl fmt::Display) -> Fault {
        Fault { code: code.number(), message: format!("{}: {extra}", code.name()) }
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, code: Code) -> bool {
        self.code == code.number()
    }
}

impl From<Code> for Fault {
    /// A fault that says its name.
    fn from(code: Code) -> Fault {
        Fault { code: code.number(), message: code.name().to_owned() }
    }
}

/// Declares the codes, so that number and name stand in one line.
macro_rules! codes {
    ($($variant:ident = $number:literal $name:literal,)*) => {
        /// supervisord's faults.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`, ", $number, ".")] $variant,)*
        }

        impl Code {
            /// All of them, by number.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// `faultCode`.
            #[must_use]
            pub const fn number(self) -> i64 {
                match self { $(Code::$variant => $number,)* }
            }

            /// What `faultString` begins with.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }
        }
    };
}

codes! {
    UnknownMethod = 1 "UNKNOWN_METHOD",
    IncorrectParameters = 2 "INCORRECT_PARAMETERS",
    BadArguments = 3 "BAD_ARGUMENTS",
    SignatureUnsupported = 4 "SIGNATURE_UNSUPPORTED",
    ShutdownState = 6 "SHUTDOWN_STATE",
    BadName = 10 "BAD_NAME",
    BadSignal = 11 "BAD_SIGNAL",
    NoFile = 20 "NO_FILE",
    NotExecutable = 21 "NOT_EXECUTABLE",
    Failed = 30 "FAILED",
    AbnormalTermination = 40 "ABNORMAL_TERMINATION",
    SpawnError = 50 "SPAWN_ERROR",
    AlreadyStarted = 60 "ALREADY_STARTED",
    NotRunning = 70 "NOT_RUNNING",
    Success = 80 "SUCCESS",
    AlreadyAdded = 90 "ALREADY_ADDED",
    StillRunning = 91 "STILL_RUNNING",
    CantReread = 92 "CANT_REREAD",
}

impl Code {
    /// The one with this number.
    #[must_use]
    pub fn of(number: i64) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_its_name_first() {
        assert_eq!(Fault::from(Code::BadName), Fault { code: 10, message: "BAD_NAME".to_owned() });
        assert_eq!(Fault::because(Code::Failed, "x").message, "FAILED: x");
        assert_eq!(Code::of(92), Some(Code::CantReread));
        assert_eq!(Code::of(5), None);
        assert!(Fault::from(Code::Success).is(Code::Success));
    }
}
