//! Real containers: the same tests run here, on whichever cgroup version this machine has, and in the virtual machine on v2.

mod df;
mod init;
mod init_limits;
mod install;
mod kinds;
mod load;
mod memory;
mod top;
mod r#try;
mod uptime;
