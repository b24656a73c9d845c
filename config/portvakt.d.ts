// What Portvakt offers to scripts of the pages that it serves. Copy it beside your own types, or refer to it:
// `/// <reference path="portvakt.d.ts" />`.

/** `necessary`, `functional`, `analytics`, `marketing`, or a purpose of the site's own. */
type PortvaktPurpose = 'necessary' | 'functional' | 'analytics' | 'marketing' | (string & {});

interface Portvakt {
  /** What is granted now, `necessary` always included; a copy. */
  readonly purposes: PortvaktPurpose[];
  /** The visitor has chosen, and the choice still stands. */
  readonly asked: boolean;
  /** Leads to the visitor's choices. */
  open(): void;
  /** Calls back whenever what is granted changes while the page is there. */
  onchange(listener: (purposes: PortvaktPurpose[]) => void): void;
}

/**
 * Of the event `portvakt:consent` on `document`: once when the document has been read, and after every choice that is
 * made on this page or on another one of the site.
 */
interface PortvaktConsentDetail {
  purposes: PortvaktPurpose[];
  asked: boolean;
}

interface Window {
  readonly portvakt: Portvakt;
  /** Gets `{event: 'consent_update', purposes}` once a choice stands, and after each further one. */
  dataLayer?: unknown[];
}

interface DocumentEventMap {
  'portvakt:consent': CustomEvent<PortvaktConsentDetail>;
}

declare const portvakt: Portvakt;
