use super::Id;

/// Whose a descriptor is that is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Signals came.
    Signals,
    /// A process's standard input has room again.
    Stdin(Id),
    /// A process wrote to standard output.
    Stdout(Id),
    /// A process wrote to standard error.
    Stderr(Id),
    /// An errand printed something; its pid.
    Errand(u32),
    /// What tells that a process is up moved.
    Ready(Id),
    /// A stream of the logs has room again.
    Stream,
    /// A connection, or a place where they come in.
    Server,
}

impl Token {
    /// The first number that is a stream's.
    pub(super) const FIRST_STREAM: u64 = 8 << 32;
    /// The first number that is the server's; all above are, too.
    pub(super) const FIRST_OF_SERVER: u64 = 16 << 32;

    /// As epoll keeps it: the kind above, the number below.
    pub(super) fn bits(self) -> u64 {
        let (kind, number) = match self {
            Token::Signals => (0, 0),
            Token::Stdin(Id(number)) => (1, number),
            Token::Stdout(Id(number)) => (2, number),
            Token::Stderr(Id(number)) => (3, number),
            Token::Errand(pid) => (4, pid),
            Token::Ready(Id(number)) => (5, number),
            Token::Stream => return Token::FIRST_STREAM,
            Token::Server => return Token::FIRST_OF_SERVER,
        };
        (kind << 32) | u64::from(number)
    }

    /// What [`Token::bits`] made.
    pub(super) fn of(bits: u64) -> Token {
        let id = Id(u32::try_from(bits & u64::from(u32::MAX)).unwrap_or_default());
        match bits >> 32 {
            0 => Token::Signals,
            1 => Token::Stdin(id),
            2 => Token::Stdout(id),
            3 => Token::Stderr(id),
            4 => Token::Errand(id.0),
            5 => Token::Ready(id),
            _ if bits < Token::FIRST_OF_SERVER => Token::Stream,
            _ => Token::Server,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let id = Id(u32::MAX);
        let of_processes = [Token::Stdin(id), Token::Stdout(Id(0)), Token::Stderr(id), Token::Ready(id)];
        let all = [Token::Signals, Token::Errand(7), Token::Stream, Token::Server].into_iter().chain(of_processes);
        for token in all {
            assert_eq!(Token::of(token.bits()), token);
        }
        assert_eq!(Token::of(Token::FIRST_STREAM + 7), Token::Stream);
        assert_eq!(Token::of(u64::MAX), Token::Server);
    }
}
