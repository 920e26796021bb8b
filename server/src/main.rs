//! The program `tandem`.

fn main() -> std::process::ExitCode {
    server::commands::run()
}
