//! Model programs.
