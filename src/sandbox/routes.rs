//! Which path is answered by what.

use hyper::Method;
use jiff::Timestamp;

use super::oauth::{authorize, registration, revocation, token};
use super::pages::projects;
use super::reply::{Refusal, Reply, Request};
use super::rest::{self, List};
use super::sync;
use super::world::World;

/// The path of the sync endpoint.
pub(crate) const SYNC: &str = "/api/v1/sync";

/// The path of the registration endpoint.
pub(crate) const REGISTER: &str = "/oauth/register";

/// The path of the list of completed tasks.
const COMPLETED: &str = "/api/v1/tasks/completed/by_completion_date";

/// Answers a request. All that the sandbox does to its state happens in here.
pub(crate) fn answer(world: &mut World, request: &Request, now: Timestamp) -> Reply {
    let get = request.method() == Method::GET;
    let post = request.method() == Method::POST;
    let delete = request.method() == Method::DELETE;
    match request.uri().path() {
        "/oauth/authorize" if get => authorize::ask(world, request),
        "/oauth/authorize" if post => authorize::decide(world, request, now),
        "/oauth/access_token" if post => token::token(world, request, now),
        REGISTER if post => registration::register(world, request, now),
        "/api/v1/revoke" if post => revocation::revoke(world, request),
        "/api/v1/access_tokens" if delete => revocation::delete(world, request),
        SYNC if post => sync::sync(world, request, now),
        "/api/v1/user" if get => rest::user(world, request, now),
        "/api/v1/projects" if get => rest::list(world, List::Projects, request, now),
        "/api/v1/sections" if get => rest::list(world, List::Sections, request, now),
        "/api/v1/tasks" if get => rest::list(world, List::Tasks, request, now),
        COMPLETED if get => rest::completed(world, request, now),
        "/" if get => projects::overview(&world.accounts),
        "/oauth/authorize"
        | "/oauth/access_token"
        | REGISTER
        | "/api/v1/revoke"
        | "/api/v1/access_tokens"
        | SYNC
        | "/api/v1/user"
        | "/api/v1/projects"
        | "/api/v1/sections"
        | "/api/v1/tasks"
        | COMPLETED
        | "/" => Refusal::method_not_allowed().into(),
        path => elsewhere(world, path, get),
    }
}

fn elsewhere(world: &World, path: &str, get: bool) -> Reply {
    let retired = ["/sync/v9/", "/rest/v2/"];
    if retired.iter().any(|prefix| path.starts_with(prefix)) {
        return Refusal::gone().into();
    }
    let Some((kind, name)) = path.strip_prefix("/app/").and_then(|rest| rest.split_once('/'))
    else {
        return Refusal::not_found().into();
    };
    match kind {
        "project" | "section" | "task" if !get => Refusal::method_not_allowed().into(),
        "project" => projects::project(&world.accounts, name),
        "section" => projects::section(&world.accounts, name),
        "task" => projects::task(&world.accounts, name),
        _ => Refusal::not_found().into(),
    }
}
