use std::collections::BTreeMap;

/// Python's dict: in order of insertion; a key that is set again keeps its place.
#[derive(Clone, Debug)]
pub(super) struct Ordered<V> {
    entries: Vec<(String, V)>,
    places: BTreeMap<String, usize>,
}

impl<V> Default for Ordered<V> {
    fn default() -> Ordered<V> {
        Ordered { entries: Vec::new(), places: BTreeMap::new() }
    }
}

impl<V> Ordered<V> {
    pub(super) fn set(&mut self, key: String, value: V) {
        match self.get_mut(&key) {
            Some(old) => *old = value,
            None => {
                self.places.insert(key.clone(), self.entries.len());
                self.entries.push((key, value));
            }
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&V> {
        self.places.get(key).and_then(|place| self.entries.get(*place)).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.places.get(key).and_then(|place| self.entries.get_mut(*place)).map(|(_, value)| value)
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The keys in alphabetical order.
    pub(super) fn sorted(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    pub(super) fn into_entries(self) -> Vec<(String, V)> {
        self.entries
    }
}
