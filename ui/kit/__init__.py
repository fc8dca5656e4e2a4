"""The shared kit of the teller, authoriser and kiosk windows. This package imports nothing when imported.

How it hangs together: an app makes one :class:`ui.kit.kit.Kit` (theme + language), hands it to every widget as first
argument, and owns one :class:`ui.kit.bridge.AsyncBridge`. Every text argument is ``Words``: a plain ``str`` is data
shown as it is, ``t("area.code", n=3)`` is looked up in ``ui/kit/texts`` and follows the language at once.
Object names address widgets in automation and tests: unique in a window, stable, ``area.thing`` in lower case
(``teller.main_key``); set them with ``named(widget, "area.thing")``.

======================  ==========================================================================================
module                  public
======================  ==========================================================================================
kit                     Kit(theme, language); kit.say(words), .tr(code), .color(role), .bind(widget, setter, words)
tokens (no Qt)          tokens(), size(set, name), duration(name), type_px(set, name), layout_modes()
theme                   Theme(name, sheet): apply(app), set_name(), color(), pixmap(), icon(), font(), changed
language                Language(book, current): text(), words(), set_current(), changed
texts.words (no Qt)     t(code, **params) -> T, Words
texts.book (no Qt)      TextBook(strict); texts.formats: money(), clock(), …; tables: texts.common, .teller, …
base                    Label, IconLabel, Tag, Painted, hbox, vbox, named, repolish, set_prop
panels                  Panel, TopBar, SayLine, AlertBox, KeyValueList, EmptyState, Skeleton, OfflineLine, MoneyBoxes
buttons                 Button (alias BusyButton), IconButton, Segmented
keys                    KeyGuard, KeyButton (faces do / waiting / busy), KeyBar
fields, special_fields  FormField, TextField; AmountField, DateField, IdNumberField, MaskedField, Select; lens: Lens
form_grid               FormGrid (12 columns), CheckRow
tables                  Column, Cell, TagCell, TableModel, TableView
meters                  Gauge, ScoreBox, StepBar, CountdownBar, HourBars, SparkBars, SignalBars, Spinner, ProgressBar
steps                   Step, StepsList (vertical), AuthTimeline (horizontal)
evidence                EvidenceThumb, EvidenceStrip; evidence_viewer: EvidenceViewer (zoom, rotate, pan)
overlays                Scrim, Dialog, Drawer, Toast, ToastArea; focus_ring: FocusRing
palette                 Palette, PaletteEntry; palette_match (no Qt): match(); help_overlay: HelpOverlay
video_view              VideoView, Picture, VideoState
signature               SignaturePad, StrokePoint
kiosk                   KioskButton, KioskTile, KioskHead, KioskFoot, StatusLine, PinBoxes, Keypad, Illustration
shortcuts               ShortcutTable, Shortcut
inspection              cut_words(), outside_parent(), small_targets(), small_print(), nameless(): for tests of windows
alerts                  Alerts (protocol), WindowAlerts, RecordingAlerts
bridge                  AsyncBridge: start, submit, call_soon, emit_to_gui, on_close, close
crash                   CrashGuard: install(), report(); stalls: StallMeter; layout_modes: LayoutModes
automation              AutomationServer (off unless started); automation_client (no Qt): AutomationClient
client (no Qt)          ApiClient (REST; on the bridge's loop); signalling_client: SignallingClient (no Qt)
======================  ==========================================================================================
"""
