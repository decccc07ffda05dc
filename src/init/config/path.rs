//! Python's os.path: paths as text, so that messages show them as supervisord does.

/// `os.path.join` of two.
#[must_use]
pub(super) fn join(base: &str, path: &str) -> String {
    match path.starts_with('/') || base.is_empty() {
        true => path.to_owned(),
        false if base.ends_with('/') => format!("{base}{path}"),
        false => format!("{base}/{path}"),
    }
}

/// `os.path.dirname`.
#[must_use]
pub(super) fn directory(path: &str) -> &str {
    let head = path.rsplit_once('/').map_or("", |(head, _)| head);
    match head.trim_end_matches('/') {
        // What is left is nothing but slashes: they are the directory.
        "" => path.get(..path.rfind('/').map_or(0, |last| last + 1)).unwrap_or_default(),
        trimmed => trimmed,
    }
}

/// `os.path.normpath`: without `.`, `..` and doubled slashes, links not looked at.
#[must_use]
pub(super) fn normalized(path: &str) -> String {
    // POSIX lets exactly two slashes at the beginning mean something else than one.
    let root = match path.len() - path.trim_start_matches('/').len() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part != ".." || parts.last().map_or(root.is_empty(), |last| *last == "..") {
            parts.push(part);
        } else {
            parts.pop();
        }
    }
    let normalized = format!("{root}{}", parts.join("/"));
    if normalized.is_empty() { ".".to_owned() } else { normalized }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python() {
        for (path, expected) in [
            ("", "."),
            ("/", "/"),
            ("//", "//"),
            ("///", "/"),
            ("//a", "//a"),
            ("///a//b/", "/a/b"),
            ("a/./b/../c", "a/c"),
            ("../a", "../a"),
            ("a/../..", ".."),
            ("/..", "/"),
            ("/../a", "/a"),
            ("../..", "../.."),
        ] {
            assert_eq!(normalized(path), expected, "{path}");
        }
        for (path, expected) in
            [("", ""), ("a", ""), ("/a", "/"), ("//a", "//"), ("a/b", "a"), ("a//b", "a"), ("/a/", "/a"), ("/", "/")]
        {
            assert_eq!(directory(path), expected, "{path}");
        }
        for (base, path, expected) in [
            ("", "a", "a"),
            ("/x", "a", "/x/a"),
            ("/x/", "a", "/x/a"),
            ("/x", "/a", "/a"),
            ("/", "a", "/a"),
            ("a", "", "a/"),
        ] {
            assert_eq!(join(base, path), expected, "{base} {path}");
        }
    }
}
