//! Users and groups by name or number.

use super::{Surroundings, User};
use crate::ini::value::{self, Account};
use crate::userland::Login;

/// A group's number that leaves the group as it is (chown(2)).
pub(super) const ANY_GROUP: u32 = u32::MAX;

/// supervisor's `name_to_uid`, and what else the passwd file and the group file know of the user.
pub(super) fn user(name: &str, surroundings: &Surroundings) -> Result<User, String> {
    let (login, what) = match value::account(name) {
        Account::Id(uid) => (u32::try_from(uid).ok().and_then(|uid| surroundings.user(uid)), "id"),
        Account::Name(name) => (surroundings.user_named(&name), "name"),
    };
    login.map(|login| of_login(login, surroundings)).ok_or_else(|| format!("Invalid user {what} {name}"))
}

fn of_login(login: &Login, surroundings: &Surroundings) -> User {
    let is_in = |members: &[String]| members.contains(&login.name);
    let others = surroundings.groups.iter().filter(|group| is_in(&group.members)).map(|group| group.gid);
    let mut groups = vec![login.gid];
    groups.extend(others.filter(|gid| *gid != login.gid));
    User {
        name: login.name.clone(),
        uid: login.uid,
        gid: login.gid,
        groups,
        home: login.home.clone().into(),
        shell: login.shell.clone().into(),
    }
}

/// supervisor's `name_to_gid`.
fn group(account: &Account, surroundings: &Surroundings) -> Option<u32> {
    let mut groups = surroundings.groups.iter();
    let group = groups.find(|group| match account {
        Account::Id(gid) => i64::from(group.gid) == *gid,
        Account::Name(name) => group.name == *name,
    });
    group.map(|group| group.gid)
}

/// supervisor's `colon_separated_user_group`: `user` or `user:group`. `None` when there is no such user or group.
pub(super) fn owner(text: &str, surroundings: &Surroundings) -> Option<(User, u32)> {
    let name = text.split_once(':').map_or(text, |(name, _)| name);
    let gid = match value::colon_separated_user_group(text) {
        (_, Some(account)) => group(&account, surroundings)?,
        (_, None) => ANY_GROUP,
    };
    Some((user(name, surroundings).ok()?, gid))
}
