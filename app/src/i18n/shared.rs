//! Texts of shared servers: where they are kept, and where they are used.

use super::{Locale, group};

texts! { SharedServers;
    title "Shared servers" "공유 서버";
    lead "Servers that you describe once, secrets included, and that Owners and Developers of any project may use." "한 번만 등록하면 모든 프로젝트의 Owner와 Developer가 쓸 수 있는 서버입니다. 비밀 값도 함께 보관합니다.";
    empty "No server is shared" "공유하는 서버가 없습니다";
    empty_body "Share one, and projects use it without being given its address or its secrets." "서버를 공유하면 프로젝트에 주소와 비밀 값을 알려 주지 않고도 쓰게 할 수 있습니다.";
    new "Share a server" "서버 공유";
    edit "Change {}" "{} 변경";
    follow "Servers of projects follow as soon as you save. Values that are stored stay unless you type others; nobody reads them back." "저장하면 프로젝트의 서버에 바로 적용됩니다. 저장된 값은 새로 입력하지 않으면 그대로이며 다시 볼 수 없습니다.";
    used_by "Used by" "사용처";
    state "State" "상태";
    shared "Shared" "공유 중";
    withdrawn "Withdrawn" "철회됨";
    used "Servers of projects" "프로젝트의 서버";
    used_none "No project uses it." "사용하는 프로젝트가 없습니다.";
    withdraw "Withdraw {}" "{} 철회";
    withdraw_lead "Nobody can use it any more, and the servers of projects are stopped at once." "더 이상 쓸 수 없고 프로젝트의 서버가 바로 멈춥니다.";
    restore "Share {} again" "{} 다시 공유";
    restore_lead "It was withdrawn: the servers of projects are stopped and nobody can add one." "철회된 서버입니다. 프로젝트의 서버가 멈춰 있고 새로 추가할 수 없습니다.";
    delete "Delete {}" "{} 삭제";
    delete_lead "No project uses it. This cannot be undone." "사용하는 프로젝트가 없습니다. 되돌릴 수 없습니다.";
    delete_used "It can be deleted when no project uses it." "사용하는 프로젝트가 없을 때 삭제할 수 있습니다.";
    choices "Shared by your administrators" "관리자가 공유한 서버";
    choices_lead "They keep its address, secrets and limits; you give it a name here." "주소, 비밀 값, 제한은 관리자가 관리하고 여기서는 이름만 정합니다.";
    choose "Use {}" "{} 사용";
    of "Shared server" "공유 서버";
    of_lead "How it is reached, its secrets and its limits belong to the administrators of this installation. Its name, prefix, tools and logs are the project's." "연결 방법, 비밀 값, 제한은 이 설치의 관리자가 정합니다. 이름, 접두어, 도구, 로그는 이 프로젝트의 것입니다.";
    unknown "There is no such shared server" "그런 공유 서버가 없습니다";
    unknown_next "It may have been withdrawn. Choose another one." "철회되었을 수 있습니다. 다른 서버를 고르십시오.";
    another "Something else" "다른 서버";
}

impl SharedServers {
    #[must_use]
    pub fn projects(&self, n: u64) -> String {
        match (self.locale, n) {
            (Locale::English, 1) => "1 project".to_owned(),
            (Locale::English, _) => format!("{} projects", group(n)),
            (Locale::Korean, _) => format!("프로젝트 {}개", group(n)),
        }
    }
}
