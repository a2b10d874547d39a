//! What is typed, set, or lies about by mistake or by malice: each ends with a clear line.

mod pages_folder;
mod pasted_tokens;
mod typed_controls;
