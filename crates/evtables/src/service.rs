// SPDX-License-Identifier: Apache-2.0
//! `evtables service`: the collector as a service of Windows, without osquery or beside it. The service manager
//! starts `evtables service run`; its log is `service.log` in the data dir.

use crate::args::{ServiceArgs, ServiceCommand, ServiceRunArgs, data_dir};
use crate::out::say;
use crate::system::{self, error_words};
use crate::{install, log, run};
use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use windows_service::service::{
    Service, ServiceAccess, ServiceAction, ServiceActionType, ServiceControl, ServiceControlAccept,
    ServiceErrorControl, ServiceExitCode, ServiceFailureActions, ServiceFailureResetPeriod,
    ServiceInfo, ServiceStartType, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{
    ServiceControlHandlerResult, ServiceStatusHandle, register,
};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};
use windows_service::{define_windows_service, service_dispatcher};

const DESCRIPTION: &str = "Keeps what happens on this machine as tables that are asked by SQL.";
/// How long a start may take, and a stop: what is on its way is stored first.
const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(50);
/// After it ended by itself: started again after these pauses, counted anew after a day.
const AGAIN: [Duration; 3] =
    [Duration::from_secs(5), Duration::from_secs(30), Duration::from_secs(300)];
const DAY: Duration = Duration::from_secs(86_400);
/// The system's number for "there is no such service".
const ABSENT: i32 = 1060;

pub(crate) fn service(command: &ServiceCommand, is_verbose: bool) -> Result<(), String> {
    match command {
        ServiceCommand::Install(args) => install(args, is_verbose),
        ServiceCommand::Start(args) => start(args),
        ServiceCommand::Stop(args) => {
            let service = found(args, ServiceAccess::STOP)?;
            stop(args, &service)?;
            say!("the service {} is stopped", args.name)?;
            Ok(())
        }
        ServiceCommand::Delete(args) => match delete(args)? {
            true => {
                say!("the service {} is gone; its events stay", args.name)?;
                Ok(())
            }
            false => Err(format!("there is no service {}", args.name)),
        },
        ServiceCommand::Status(args) => status(args),
        ServiceCommand::Run(args) => be_the_service(args, is_verbose),
    }
}

fn failed(what: &str, name: &str) -> impl FnOnce(windows_service::Error) -> String {
    let what = format!("failed to {what} the service {name}");
    move |error| format!("{what}: {} (run as an administrator)", error_words(&error))
}

fn manager(access: ServiceManagerAccess) -> Result<ServiceManager, String> {
    ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT | access)
        .map_err(|error| format!("failed to ask the service manager: {}", error_words(&error)))
}

/// `None` when there is no service of that name.
fn open(args: &ServiceArgs, access: ServiceAccess) -> Result<Option<Service>, String> {
    let manager = manager(ServiceManagerAccess::empty())?;
    match manager.open_service(&args.name, ServiceAccess::QUERY_STATUS | access) {
        Ok(service) => Ok(Some(service)),
        Err(windows_service::Error::Winapi(error)) if error.raw_os_error() == Some(ABSENT) => {
            Ok(None)
        }
        Err(error) => Err(failed("open", &args.name)(error)),
    }
}

fn found(args: &ServiceArgs, access: ServiceAccess) -> Result<Service, String> {
    open(args, access)?
        .ok_or_else(|| format!("there is no service {}: run `evtables service install`", args.name))
}

/// Registers this program, or registers it anew.
fn install(args: &ServiceRunArgs, is_verbose: bool) -> Result<(), String> {
    let name = &args.service.name;
    let program =
        std::env::current_exe().map_err(|e| format!("failed to find this program: {e}"))?;
    // Whoever may change it would be SYSTEM at the next start.
    if let Some(who) = install::untrusted_writer(&program) {
        return Err(format!("{who}: run `evtables install` first, and the program that it placed"));
    }
    let info = ServiceInfo {
        name: name.into(),
        display_name: name.into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path: program,
        launch_arguments: launch_arguments(args, is_verbose)?,
        dependencies: Vec::new(),
        account_name: None,
        account_password: None,
    };
    let access = ServiceAccess::CHANGE_CONFIG | ServiceAccess::START;
    let service = match open(&args.service, access)? {
        Some(service) => {
            service.change_config(&info).map_err(failed("change", name))?;
            service
        }
        None => manager(ServiceManagerAccess::CREATE_SERVICE)?
            .create_service(&info, access)
            .map_err(failed("register", name))?,
    };
    let actions = AGAIN
        .iter()
        .map(|delay| ServiceAction { action_type: ServiceActionType::Restart, delay: *delay });
    let again = ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(DAY),
        reboot_msg: None,
        command: None,
        actions: Some(actions.collect()),
    };
    let told = service
        .set_description(DESCRIPTION)
        .and_then(|()| service.update_failure_actions(again))
        .and_then(|()| service.set_failure_actions_on_non_crash_failures(true));
    if let Err(error) = told {
        tracing::warn!("it is not started again after a failure: {}", error_words(&error));
    }
    say!("the service {name} is registered; `evtables service start` starts it now")?;
    Ok(())
}

/// Paths in full: the service manager starts elsewhere.
fn launch_arguments(args: &ServiceRunArgs, is_verbose: bool) -> Result<Vec<OsString>, String> {
    let full = |path: &Path| {
        std::path::absolute(path).map_err(|e| format!("failed to find {}: {e}", path.display()))
    };
    let mut words: Vec<OsString> =
        ["service", "run", "--name"].iter().map(OsString::from).collect();
    words.push((&args.service.name).into());
    let paths = [("--data-dir", &args.run.data_dir), ("--config", &args.run.config)];
    for (option, path) in paths {
        if let Some(path) = path {
            words.extend([option.into(), full(path)?.into()]);
        }
    }
    if is_verbose {
        words.push("--verbose".into());
    }
    Ok(words)
}

fn start(args: &ServiceArgs) -> Result<(), String> {
    let service = found(args, ServiceAccess::START)?;
    if state_of(args, &service)? != ServiceState::Running {
        service.start::<&str>(&[]).map_err(failed("start", &args.name))?;
    }
    match settled(args, &service, START)? {
        ServiceState::Running => {
            say!("the service {} runs", args.name)?;
            Ok(())
        }
        _ => Err(format!(
            "the service {} does not run: service.log in its data dir says why",
            args.name
        )),
    }
}

fn state_of(args: &ServiceArgs, service: &Service) -> Result<ServiceState, String> {
    let status = service.query_status().map_err(failed("ask", &args.name))?;
    Ok(status.current_state)
}

/// The state that a start or a stop leads to, or the one at the end of `time`.
fn settled(args: &ServiceArgs, service: &Service, time: Duration) -> Result<ServiceState, String> {
    let until = Instant::now() + time;
    loop {
        let state = state_of(args, service)?;
        let is_on_its_way = matches!(state, ServiceState::StartPending | ServiceState::StopPending);
        if !is_on_its_way || Instant::now() >= until {
            return Ok(state);
        }
        std::thread::park_timeout(LOOK);
    }
}

fn stop(args: &ServiceArgs, service: &Service) -> Result<(), String> {
    // A start that is on its way takes no stop.
    if settled(args, service, START)? == ServiceState::Stopped {
        return Ok(());
    }
    service.stop().map_err(failed("stop", &args.name))?;
    let until = Instant::now() + STOP;
    while state_of(args, service)? != ServiceState::Stopped {
        if Instant::now() >= until {
            return Err(format!("failed to stop the service {}: it goes on", args.name));
        }
        std::thread::park_timeout(LOOK);
    }
    Ok(())
}

/// Stops and takes away; `false` when there is none.
fn delete(args: &ServiceArgs) -> Result<bool, String> {
    let Some(service) = open(args, ServiceAccess::STOP | ServiceAccess::DELETE)? else {
        return Ok(false);
    };
    stop(args, &service)?;
    service.delete().map_err(failed("take away", &args.name))?;
    drop(service);
    // It goes when the last who looks at it is gone.
    let until = Instant::now() + STOP;
    while open(args, ServiceAccess::empty())?.is_some() {
        if Instant::now() >= until {
            return Err(format!("the service {} goes when nobody looks at it", args.name));
        }
        std::thread::park_timeout(LOOK);
    }
    Ok(true)
}

/// Ours, if it is there: what `evtables uninstall` does first.
pub(crate) fn delete_ours() -> Result<bool, String> {
    delete(&ServiceArgs { name: crate::args::SERVICE.to_owned() })
}

fn status(args: &ServiceArgs) -> Result<(), String> {
    let service = found(args, ServiceAccess::empty())?;
    let status = service.query_status().map_err(failed("ask", &args.name))?;
    let state = match status.current_state {
        ServiceState::Stopped => "stopped",
        ServiceState::StartPending => "starting",
        ServiceState::StopPending => "stopping",
        ServiceState::Running => "running",
        _ => "paused",
    };
    match status.process_id.filter(|pid| *pid != 0) {
        Some(pid) => say!("{}: {state} (process {pid})", args.name),
        None => say!("{}: {state}", args.name),
    }
}

/// What the service manager's thread finds.
static RUN: OnceLock<ServiceRunArgs> = OnceLock::new();

fn be_the_service(args: &ServiceRunArgs, is_verbose: bool) -> Result<(), String> {
    let dir = data_dir(args.run.data_dir.as_ref())?;
    system::make_private(&dir)?;
    log::to_file(&dir.join("service.log"), is_verbose)?;
    let name = &args.service.name;
    let _ = RUN.set(args.clone());
    service_dispatcher::start(name, service_main).map_err(|error| {
        format!("only the service manager starts a service: {}", error_words(&error))
    })
}

define_windows_service!(service_main, serve);

fn serve(_words: Vec<OsString>) {
    let Some(args) = RUN.get() else { return };
    if let Err(reason) = serve_as(args) {
        tracing::error!("{reason}");
    }
}

/// What the service manager was told last. Told under a lock, so that nothing is accepted any more once a stop came:
/// crate `windows-service` frees the handler with the first one.
struct Teller {
    handle: OnceLock<ServiceStatusHandle>,
    is_stopping: Mutex<bool>,
}

impl Teller {
    fn tell(&self, state: ServiceState, exit_code: ServiceExitCode) {
        let mut is_stopping = self.is_stopping.lock().unwrap_or_else(PoisonError::into_inner);
        let accepted = match state {
            ServiceState::Running if *is_stopping => return,
            ServiceState::Running => ServiceControlAccept::STOP | ServiceControlAccept::PRESHUTDOWN,
            ServiceState::StopPending => {
                *is_stopping = true;
                ServiceControlAccept::empty()
            }
            _ => ServiceControlAccept::empty(),
        };
        let wait_hint = match state {
            ServiceState::StartPending => START,
            ServiceState::StopPending => STOP,
            _ => Duration::ZERO,
        };
        let status = ServiceStatus {
            service_type: ServiceType::OWN_PROCESS,
            current_state: state,
            controls_accepted: accepted,
            exit_code,
            checkpoint: 0,
            wait_hint,
            process_id: None,
        };
        let told = self.handle.get().map(|handle| handle.set_service_status(status));
        if let Some(Err(error)) = told {
            tracing::warn!("the service manager does not listen: {}", error_words(&error));
        }
    }
}

fn serve_as(args: &ServiceRunArgs) -> Result<(), String> {
    let name = &args.service.name;
    let stop = Arc::new(AtomicBool::new(false));
    let teller = Arc::new(Teller { handle: OnceLock::new(), is_stopping: Mutex::new(false) });
    let (asked, listens, main) = (Arc::clone(&stop), Arc::clone(&teller), std::thread::current());
    let handler = move |control| match control {
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        ServiceControl::Stop | ServiceControl::Preshutdown => {
            listens.tell(ServiceState::StopPending, ServiceExitCode::NO_ERROR);
            asked.store(true, Ordering::Relaxed);
            main.unpark();
            ServiceControlHandlerResult::NoError
        }
        _ => ServiceControlHandlerResult::NotImplemented,
    };
    let handle = register(name, handler).map_err(failed("be", name))?;
    let _ = teller.handle.set(handle);
    teller.tell(ServiceState::StartPending, ServiceExitCode::NO_ERROR);
    let started = || teller.tell(ServiceState::Running, ServiceExitCode::NO_ERROR);
    let done = run::until(&args.run, "service", &stop, &started);
    let code = match &done {
        Ok(()) => ServiceExitCode::NO_ERROR,
        Err(_) => ServiceExitCode::ServiceSpecific(1),
    };
    tracing::info!("ended");
    teller.tell(ServiceState::Stopped, code);
    done
}
