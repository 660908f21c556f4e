"""What people did, as one says it after a name: the acts of the audit log, of activity, and of what is told."""

from data.later import Later, later

PAST = {
    'begin': 'began', 'found': 'founded', 'give': 'gave', 'let': 'let', 'make': 'made', 'put': 'put', 'set': 'set',
    'sign': 'signed', 'take': 'took', 'undo': 'undid', 'send': 'sent', 'apply': 'applied', 'withdraw': 'withdrew',
    'carry': 'carried', 'drop': 'dropped', 'open': 'opened', 'write': 'wrote', 'choose': 'chose', 'keep': 'kept',
    'forget': 'forgot', 'reset': 'reset', 'tell': 'told', 'retry': 'retried', 'wrap': 'wrapped', 'plan': 'planned',
    'pin': 'pinned', 'unpin': 'unpinned', 'rebuild': 'rebuilt', 'cancel': 'cancelled', 'see': 'saw',
}  # fmt: skip
MAKING = frozenset({'add', 'ask', 'import', 'invite', 'make', 'plan', 'upload', 'write'})
"""What these bring about is new, so it is "a", not "the"."""
BARE = frozenset({'sign', 'put'})
"""No thing follows these: "signed in"."""
ACTS: dict[str, str] = {
    'arrival.move_in': later('moved in from another Logbook'),
    'attachments._keep_preview': later('made a preview'),
    'attachments.attach': later('attached a file'),
    'attachments.forget_removed': later('deleted files that lay in the bin'),
    'attachments.remove_attachment': later('removed a file'),
    'attachments.rename_attachment': later('renamed a file'),
    'attachments.restore_attachment': later('restored a file'),
    'audit.begin_epoch': later('began a new epoch of the log'),
    'audit.choose_keepers': later('chose who keeps the anchors'),
    'audit.choose_retention': later('chose how long entries are kept'),
    'audit.clock_went_back': later('saw the clock go back'),
    'audit.close_part': later('closed a part of the log'),
    'audit.erase_subject': later('erased personal values'),
    'audit.expire_values': later('erased personal values whose time was over'),
    'audit.export_log': later('exported the audit log'),
    'audit.heads': later('noted the logs of all departments'),
    'audit.keep_anchor': later('kept an anchor elsewhere'),
    'audit.keep_verdict': later('verified the audit log'),
    'audit.notice_restores': later('noted that a backup was put back'),
    'audit.part_closed': later('closed a part of the log'),
    'audit.print_anchor': later('printed an anchor'),
    'audit.record_export': later('exported the audit log'),
    'backup._settle': later('put a backup back'),
    'backup.drop_old_exports': later('deleted old exports'),
    'backup.export_all': later('exported everything'),
    'backup.keep_sheet': later('confirmed that the recovery sheet is kept'),
    'backup.make': later('made a backup'),
    'backup.open_sheet': later('looked at the recovery sheet'),
    'backup.request_backup': later('asked for a backup'),
    'backup.request_export': later('asked for an export of everything'),
    'commands.add_owner': later('added an owner'),
    'comments.forget_deleted': later('deleted comments that lay in the bin'),
    'data_keys.begin_rotation': later('began to give sealed values new keys'),
    'data_keys.drop_old_keys': later('gave sealed values new keys and deleted the old ones'),
    'departments.set_leadership': later('said who leads a unit'),
    'export.export_organization': later('exported everything'),
    'home.dismiss_setup': later('put the first steps away'),
    'identity.accept_as_myself': later('accepted the invitation'),
    'identity.accept_factor': later('signed in with a second factor'),
    'identity.accept_passkey': later('signed in with a passkey'),
    'identity.accept_password': later('signed in with a password'),
    'identity.add_api_key': later('added an API key'),
    'identity.add_service_account': later('made a service account'),
    'identity.add_service_key': later('made a key for a service account'),
    'identity.approve_factor_reset': later('approved the removal of a second factor'),
    'identity.ask_factor_reset': later('asked for the removal of a second factor'),
    'identity.ask_for_access': later('asked for a right'),
    'identity.ask_for_reset': later('asked for a new password'),
    'identity.begin_own_totp': later('began to set up an authenticator app'),
    'identity.change_service_account': later('changed a service account'),
    'identity.confirm_own_totp': later('set up an authenticator app'),
    'identity.confirm_totp_of': later('set up an authenticator app'),
    'identity.confirmed': later('confirmed who he is'),
    'identity.decline_factor_reset': later('declined the removal of a second factor'),
    'identity.end_service_account': later('ended a service account'),
    'identity.end_sessions_of': later('ended all sessions of an account'),
    'identity.factors_removed': later('removed the second factor'),
    'identity.make_account_by_command': later('made an account from the command line'),
    'identity.passkey_added': later('added a passkey'),
    'identity.passkey_removed': later('removed a passkey'),
    'identity.password_set': later('set a new password'),
    'identity.recovery_codes_made': later('made new recovery codes'),
    'identity.redeem_invitation': later('accepted the invitation'),
    'identity.redeem_reset': later('set a new password'),
    'identity.remove_factors_by_command': later('removed a second factor from the command line'),
    'identity.remove_own_passkey': later('removed a passkey'),
    'identity.remove_own_totp': later('removed the authenticator app'),
    'identity.renew_own_codes': later('made new recovery codes'),
    'identity.replace_api_key': later('replaced the API key'),
    'identity.replace_service_key': later('replaced a key of a service account'),
    'identity.reset_password_of': later('sent a link for a new password'),
    'identity.revoke_api_key': later('revoked the API key'),
    'identity.revoke_api_key_of': later('revoked the API key'),
    'identity.rotate_refresh_token': later('renewed the session of a program'),
    'identity.seed_new_domains': later('gave positions the rights of new modules'),
    'identity.session_ended': later('ended a session'),
    'identity.sign_in': later('signed in'),
    'identity.store_changed_password': later('changed the password'),
    'identity.store_passkey': later('added a passkey'),
    'identity.store_password': later('set a new password'),
    'identity.totp_removed': later('removed the authenticator app'),
    'identity.totp_set_up': later('set up an authenticator app'),
    'mail.mark_bounced': later('noted that a mail came back'),
    'mail.note_bounce': later('noted that a mail came back'),
    'mail.reset_wording': later('put the wording of a mail back'),
    'mail.retry_mail': later('sent a mail again'),
    'mail.send_test': later('sent a test mail'),
    'mail.word_mail': later('worded a mail'),
    'master_key.note_rotation': later('changed the master key'),
    'members.ask_to_anonymise': later('asked to have a member anonymised'),
    'members.change_many': later('changed many members'),
    'members.complete_departures': later('completed departures'),
    'members.decide_anonymise': later('decided whether a member is anonymised'),
    'members.decide_change': later('decided on a wished change'),
    'members.export_expiring': later('exported what expires'),
    'members.export_members': later('exported members'),
    'members.export_person': later('exported a file'),
    'members.print_members': later('printed a list of members'),
    'members.hand_over': later('handed over what was open'),
    'members.keep_paper': later('filed a document'),
    'members.keep_photo': later('changed the photo'),
    'members.take_back_apart': later('took back that two records are of two people'),
    'members.tell_apart': later('said that two records are of two people'),
    'members.undo_batch': later('undid a bulk change of members'),
    'members.view_private': later('viewed private data'),
    'members.view_private_data': later('viewed private data'),
    'members.wipe_old_undo': later('deleted what undoing needed'),
    'notifications.choose': later('chose notices'),
    'notifications.choose_default': later('chose the notices of everybody'),
    'notifications.send_preview': later('sent a preview'),
    'setup.ask_for_founding': later('asked for a link to make a department'),
    'setup.choose_registration': later('chose who may make another department'),
    'setup.found_another': later('made another department'),
    'setup.found_for': later('made another department for somebody'),
    'setup.invite_founder': later('invited somebody to make a department'),
    'setup.set_up': later('set Logbook up'),
    'status.retry_job': later('ran the job again'),
    'storage._forget': later('deleted a file for good'),
    'tasks.add_list_from_template': later('added a list from a template'),
    'tasks.add_task_from_comment': later('made a task of a comment'),
    'tasks.add_time': later('added time worked'),
    'tasks.empty_bin': later('emptied the bin'),
    'tasks.export_tasks': later('exported tasks'),
    'tasks.give_list': later('gave the list to somebody else'),
    'tasks.hand_over_task': later('handed a task over'),
    'tasks.make_feed': later('made a calendar address'),
    'tasks.my_inbox': later('opened an inbox'),
    'tasks.quick_add': later('added a task'),
    'tasks.revoke_feed': later('revoked the calendar address'),
    'tasks.undo_task_batch': later('undid a bulk change of tasks'),
    'views.forget_removed_views': later('deleted views that lay in the bin'),
}
"""What people say of acts that the rule below cannot say, and of acts that are no services."""
UNTOLD = frozenset({
    'attachments.make_preview', 'audit._enter', 'audit._keep', 'audit.close_old_entries', 'audit.send_anchor',
    'audit.verify_all_logs', 'audit.write_checkpoints', 'backup._note_trial', 'backup._note_archives',
    'backup.forget_export', 'backup.keep_export', 'backup.make_hourly', 'backup.note_backup', 'backup.note_archives',
    'backup.try_out', 'comments.tell_of_comment', 'data_keys.seal_batch', 'drafts.forget_old_drafts',
    'drafts.keep_draft', 'identity.begin_passkey', 'identity.begin_totp_of', 'identity.begin_transaction',
    'identity.complete_sign_in', 'identity.count_attempt', 'identity.count_beginning', 'identity.count_opening',
    'identity.count_try', 'identity.first_refresh_token', 'identity.forget_ended_access', 'identity.forget_failures',
    'identity.mail_reset_link', 'identity.make_sign_in_ceremony', 'identity.note_key_use', 'identity.note_refusal',
    'identity.touch_sessions', 'identity.use_transaction', 'mail._note_failure', 'mail._note_sending',
    'mail._note_sent', 'mail._take', 'mail.deliver', 'mail.forget_old_mail', 'mail.send', 'members.begin_import',
    'members.compare_private', 'members.record_export', 'members.record_personal_export', 'members.remind_of_expiry',
    'notifications._note', 'notifications.add_browser', 'notifications.forget_browser',
    'notifications.forget_old_notices', 'notifications.mark_about_read', 'notifications.mark_all_read',
    'notifications.mark_read', 'notifications.mark_record_read', 'notifications.plan_digests', 'notifications.push',
    'notifications.remove_browser', 'notifications.send_mails', 'notifications.send_pushes',
    'notifications.send_what_was_missed', 'notifications.set_hours', 'notifications.tell', 'notifications.tell_some',
    'notifications.unsubscribe', 'notifications.write_digests', 'search.drop_orphans', 'search.forget_words',
    'search.index_batch', 'search.rebuild_index', 'search.rebuild_where_missing', 'setup.new_setup_link', 'status.tidy',
    'storage._hurry', 'storage._note_proofs', 'storage._note_pushed', 'storage.prove', 'storage.push', 'storage.sweep',
    'tasks.begin_task_import', 'tasks.record_task_export', 'tasks.send_reminder', 'tasks.tell_assigned',
    'views.choose_default_view', 'views.note_page', 'views.pin_page', 'views.unpin_page', 'watchers.set_watching',
    'watchers.tell_of_change',
})  # fmt: skip
"""Services and jobs that change nothing which the log holds under their name."""


def in_words(action: str) -> Later:
    """Return an action as a person says it after a name, said later: `members.change_status` is "changed the status".

    What the rule makes of the names of services is collected for translators with them.
    """
    known = ACTS.get(action)
    if isinstance(known, Later):
        return known
    verb, _dot, rest = action.partition('.')[2].partition('_')
    past = PAST.get(verb) or (f'{verb}d' if verb.endswith('e') else f'{verb}ed')
    before, thing = ('for ', rest[4:]) if rest.startswith('for_') else ('', rest)
    return later(f'{past} {before}{_article(verb, thing)}{thing.replace("_", " ")}'.strip())


def _article(verb: str, thing: str) -> str:
    is_many = thing.endswith('s') and not thing.endswith(('status', 'ss'))
    if not thing or is_many or verb in BARE:
        return ''
    if verb not in MAKING:
        return 'the '
    return 'an ' if thing[0] in 'aeio' else 'a '
