// SPDX-License-Identifier: Apache-2.0
//! Container id and runtime from the path of a control group. A guess from names that runtimes are
//! known to use; asks no runtime.

/// A container, as its control group names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Container<'a> {
    /// 64 hexadecimal digits for most runtimes, a name for LXC.
    pub(crate) id: &'a str,
    /// One word, empty when the path does not tell.
    pub(crate) runtime: &'static str,
}

/// What stands before the id, and whose it is. Longer ones first.
const PREFIXES: [(&str, &str); 6] = [
    ("cri-containerd-", "containerd"),
    ("containerd-", "containerd"),
    ("nerdctl-", "containerd"),
    ("docker-", "docker"),
    ("libpod-", "podman"),
    ("crio-", "crio"),
];

/// The innermost container that `path` runs in.
pub(crate) fn of_cgroup(path: &str) -> Option<Container<'_>> {
    path.rsplit('/').find_map(|component| of_component(path, component))
}

fn of_component<'a>(path: &str, component: &'a str) -> Option<Container<'a>> {
    if let Some(name) = component.strip_prefix("lxc.payload.") {
        return Some(Container { id: name, runtime: "lxc" });
    }
    let name = component.strip_suffix(".scope").unwrap_or(component);
    // runc without systemd: slice:prefix:id.
    if let Some((before, id)) = name.rsplit_once(':').filter(|(_, id)| is_id(id)) {
        let prefix = before.rsplit(':').next().unwrap_or_default();
        let known = PREFIXES.iter().find(|(word, _)| word.strip_suffix('-') == Some(prefix));
        return Some(Container { id, runtime: known.map_or("", |(_, runtime)| runtime) });
    }
    for (prefix, runtime) in PREFIXES {
        if let Some(id) = name.strip_prefix(prefix).filter(|id| is_id(id)) {
            return Some(Container { id, runtime });
        }
    }
    is_id(name).then(|| Container { id: name, runtime: runtime_of_path(path) })
}

/// Bare ids: the folders above say whose.
fn runtime_of_path(path: &str) -> &'static str {
    let mut folders = path.split('/');
    folders
        .find_map(|folder| match folder {
            "docker" | "ecs" => Some("docker"),
            "libpod_parent" => Some("podman"),
            "containerd" => Some("containerd"),
            folder if folder.starts_with("kubepods") => Some("cri"),
            _ => None,
        })
        .unwrap_or("")
}

fn is_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn check(path: &str, runtime: &str) {
        let path = path.replace("ID", ID);
        let found = of_cgroup(&path).map(|container| (container.id, container.runtime));
        assert_eq!(found, Some((ID, runtime)), "{path}");
    }

    #[test]
    fn runtimes_are_told_apart() {
        check("/system.slice/docker-ID.scope", "docker");
        check("/docker/ID", "docker");
        check("/docker/ID/init", "docker");
        check("/kubepods.slice/kubepods-pod1.slice/cri-containerd-ID.scope", "containerd");
        check("/kubepods.slice/kubepods-pod1.slice/crio-ID.scope", "crio");
        check("/kubepods/burstable/pod12/ID", "cri");
        check("/machine.slice/libpod-ID.scope/container", "podman");
        check("/system.slice/kubepods-pod.slice:cri-containerd:ID", "containerd");
        check("/default/ID", "");
        let lxc = of_cgroup("/lxc.payload.web/system.slice").unwrap();
        assert_eq!((lxc.id, lxc.runtime), ("web", "lxc"));
    }

    #[test]
    fn hosts_are_no_containers() {
        for path in
            ["/", "", "/user.slice/user-0.slice/session-1.scope", "/system.slice/ssh.service"]
        {
            assert_eq!(of_cgroup(path), None, "{path}");
        }
        assert_eq!(of_cgroup("/process_api/9a19ec90c68fa30b74359bfbc486be12"), None);
    }
}
