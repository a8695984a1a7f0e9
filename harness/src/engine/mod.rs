//! The engine: runs a planned scenario against real programs and records what
//! happens. Judges nothing and prints nothing.
