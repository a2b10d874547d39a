//! Signing in as a native app does (RFC 8252): an [`authorization`] request with PKCE, a
//! redirect caught on [`loopback`], a [`token`] request; before it [`registration`], after it
//! [`renewal`] and [`revocation`].

pub mod authorization;
pub mod browser;
pub mod client;
pub mod loopback;
pub mod pages;
pub mod paste;
pub mod registration;
pub mod renewal;
pub mod revocation;
pub mod token;
pub mod verdict;

pub use authorization::{
    AuthorizationCode, AuthorizationRequest, CodeVerifier, Permission, REDIRECT_PORTS, RedirectUri,
    State,
};
pub use browser::{Browser, Opening, SystemBrowser};
pub use client::OAuthClient;
pub use loopback::{Listener, NoPort};
pub use pages::Ending;
pub use token::{TokenError, TokenResponse};
pub use verdict::{AuthorizationError, AuthorizationResponse, Pending};
