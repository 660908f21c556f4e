"""Makes the small icon font: `python -m ui.icons` (needs fonttools and brotli, which nothing else here does).

NiceGUI brings all 3,900 Material Symbols as one font of 314 KB, three quarters of what a first visit would load. The
browser gets the icons that our sources name and the likely ones below by code point from a font of a few KB; any other
icon still shows, from the whole font, at its price. Run it when many new icons came; it writes the font, the map from
names to code points beside the components, and the entry of the manifest.
"""

import hashlib
import re
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parent
FONT = HOME / 'assets' / 'fonts' / 'symbols.woff2'
MAP = HOME / 'components' / 'symbols.js'
MANIFEST = HOME / 'assets' / 'manifest.toml'
SOURCES = ('ui', 'logic')
LIKELY = """
accessibility account_balance account_circle account_tree ad add add_a_photo add_circle add_task
admin_panel_settings alarm all_inbox ambulance analytics announcement apartment apps archive arrow_back
arrow_downward arrow_drop_down arrow_forward arrow_upward article assignment assignment_late assignment_ind
assignment_return assignment_turned_in attach_file attachment auto_awesome autorenew award_star backup badge
balance ballot bar_chart barcode battery_full beach_access bedtime bloodtype bolt book bookmark bug_report build
cached cake calculate calendar_add_on calendar_month calendar_today calendar_view_week call camera campaign cancel
card_membership cases category celebration chat check check_box check_circle checklist checklist_rtl chevron_left
chevron_right child_care circle cleaning_services clinical_notes close cloud_off cloud_upload code comment commute
compare_arrows computer construction contact_emergency contact_mail contact_page contact_phone content_copy
content_paste contract contrast cookie corporate_fare credit_card dark_mode dashboard data_object database delete
delete_forever deployed_code description developer_board devices diamond directions_car directions_run dns domain
domain_add done done_all download drafts drag_indicator drive_file_move draw edit edit_calendar edit_document
edit_note edit_off electric_bolt elderly email emergency emoji_events encrypted engineering error event
event_available event_busy event_note event_repeat event_upcoming exit_to_app expand_less expand_more explore
explore_off extension fact_check family_restroom favorite feedback file_copy file_present filter_alt filter_alt_off
filter_list fingerprint fire_extinguisher fire_hydrant fire_truck first_page flag folder folder_open folder_shared
folder_zip format_list_bulleted forum forward_to_inbox front_hand functions gavel grid_view group group_add
group_off groups handshake handyman hard_drive health_and_safety headset_mic healing hearing help history
history_edu home home_repair_service home_work hourglass_empty how_to_reg how_to_vote hub id_card image
import_export inbox info insights integration_instructions inventory inventory_2 key key_off keyboard
keyboard_arrow_down keyboard_return label language last_page launch leaderboard library_books light_mode link
link_off list list_alt local_fire_department local_hospital local_library local_police local_shipping location_city
location_off location_on lock lock_clock lock_open lock_reset login logout loyalty mail manage_accounts
manage_history manage_search map mark_email_read mark_email_unread mark_unread_chat_alt masks medical_information
medical_services meeting_room menu menu_book mic military_tech minor_crash mode_comment money monetization_on
monitor_heart monitoring more_horiz more_time more_vert mood move_down move_up my_location navigate_next near_me
news newspaper nights_stay no_accounts north_east note_add notification_important notifications
notifications_active notifications_off numbers offline_pin open_in_new outbox package package_2 paid palette park
pause payments pending pending_actions person person_add person_alert person_cancel person_check person_off
person_pin_circle person_remove person_search personal_injury pets phone phone_iphone phonelink_lock photo_camera
photo_library pie_chart pin pin_drop play_arrow poll post preview print priority_high privacy_tip psychology public
publish push_pin qr_code qr_code_2 qr_code_scanner query_stats question_answer question_mark quiz radio
radio_button_checked radio_button_unchecked receipt receipt_long recycling redo refresh remove repeat replay reply
report report_problem request_page request_quote reset_settings restart_alt restore restore_from_trash restore_page
room_preferences rocket_launch route rule run_circle safety_check safety_divider sailing save saved_search savings
schedule schedule_send school science score search search_off security select_all self_improvement sell send
sensors sentiment_satisfied settings settings_backup_restore share shield shield_lock shield_person shopping_cart
show_chart shuffle sick signature skip_next sms snooze sort speed sports_score star start stethoscope sticky_note_2
stop store storefront straighten stream subdirectory_arrow_right subject summarize supervisor_account support
support_agent swap_horiz swap_vert switch_account sync sync_problem tab table table_chart table_rows table_view tag
task task_alt text_snippet theater_comedy thumb_down thumb_up timeline timer timer_off title today toggle_off
toggle_on token topic touch_app track_changes traffic transfer_within_a_station translate travel_explore
trending_down trending_flat trending_up trophy tune two_wheeler undo unfold_more unarchive unpublished update
upgrade upload upload_file vaccines verified verified_user vibration view_agenda view_column view_kanban view_list
view_timeline view_week visibility visibility_off volunteer_activism vpn_key warehouse warning watch_later
water_drop waving_hand web webhook widgets wifi wifi_off work work_history workspace_premium zoom_in zoom_out
"""


def wanted() -> set[str]:
    """Return the names in our sources and the likely ones."""
    names = set(LIKELY.split())
    for place in SOURCES:
        for file in (HOME.parent / place).rglob('*'):
            if file.suffix in {'.py', '.js'}:
                text = file.read_text(encoding='utf-8')
                names |= {name.removeprefix('sym_o_') for name in re.findall(r'sym_o_[a-z0-9_]+', text)}
                if file.suffix == '.js':
                    names |= set(re.findall(r'(?:icon=|name=|icon: )"([a-z0-9_]+)"', text))
    return names


def points_of(font: Any) -> dict[str, int]:
    """Return name and code point of every icon; a name is a ligature of letters, of which an icon may have several."""
    cmap = font.getBestCmap()
    letters = {glyph: chr(code) for code, glyph in cmap.items() if code < 0x80}
    points = {glyph: code for code, glyph in cmap.items() if code > 0xE000}
    for lookup in font['GSUB'].table.LookupList.Lookup:
        for table in lookup.SubTable:
            ligatures = getattr(getattr(table, 'ExtSubTable', table), 'ligatures', {})
            for first, rest in ((first, one) for first, found in ligatures.items() for one in found):
                if rest.LigGlyph in points:
                    name = ''.join(letters.get(glyph, '?') for glyph in (first, *rest.Component))
                    points.setdefault(name, points[rest.LigGlyph])
    return points


def main() -> None:
    """Write the font, the map and the manifest's entry."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    static = Path(str(files('nicegui'))) / 'static'
    rule = re.search(r'Symbols Outlined";[^}]*url\(([^)]+)\)', (static / 'fonts.css').read_text())
    assert rule is not None
    font = TTFont(static / rule[1])
    points = points_of(font)
    unknown = sorted(name for name in wanted() if name not in points)
    named = {name: points[name] for name in sorted(wanted()) if name in points}
    sys.stdout.write(f'{len(named)} icons; not in the font, so never shown: {" ".join(unknown) or "none"}\n')
    maker = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=False))
    maker.populate(unicodes=named.values())
    maker.subset(font)
    font.flavor = 'woff2'
    font.save(FONT)
    lines = '\n'.join(f'  {name}: 0x{code:x},' for name, code in named.items())
    head = '// The code points of the icons in symbols.woff2; written by `python -m ui.icons`.'
    MAP.write_text(f'{head}\nexport default {{\n{lines}\n}};\n')
    digest = hashlib.sha256(FONT.read_bytes()).hexdigest()
    entry = (
        f'\n[[asset]]\nfile = "ui/assets/fonts/symbols.woff2"\npackage = "nicegui"\nversion = "{version("nicegui")}"\n'
        f'licence = "Apache-2.0"\nsha256 = "{digest}"\n'
    )
    manifest = re.sub(
        r'\n\[\[asset\]\]\nfile = "ui/assets/fonts/symbols.woff2"(?:\n[^\[\n]+)*\n', '', MANIFEST.read_text()
    )
    MANIFEST.write_text(manifest + entry)
    sys.stdout.write(f'{FONT.stat().st_size} bytes\n')


if __name__ == '__main__':
    main()
