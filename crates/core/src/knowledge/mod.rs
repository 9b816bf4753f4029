//! Knowledge: facts a person edits, loaded, checked and looked up.
