//! Rendering: a report becomes text for people and for machines. Decides nothing
//! about passing and failing.
