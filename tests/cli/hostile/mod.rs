//! What is typed, set, or lies about by mistake or by malice: each ends with a clear line.

mod caches;
mod clocks;
mod full_disk;
mod outside_text;
mod pages_folder;
mod pasted_tokens;
mod settings_file;
mod typed_controls;
