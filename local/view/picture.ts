/**
 * What one look at the running system shows; made by `look.ts`, drawn by `render-picture.ts`,
 * judged by the story.
 */
export interface Picture {
  readonly at: Date;
  readonly bridges: readonly BridgePicture[];
  /** Newest last. */
  readonly decisions: readonly DecisionPicture[];
  /** People whom the meeting generator wants in calls, and who are. */
  readonly wantedParticipants: number;
  readonly participantCount: number;
  readonly conferenceCount: number;
  /** Since the start: participants whose bridge went away under them. */
  readonly forcedDisconnects: number;
  /** Since the start: XMPP sessions of bystanders that ended without their doing. */
  readonly prosodySessionsDropped: number;
}

export interface BridgePicture {
  /** Absent for Server A's default bridge, which is no instance of the fleet. */
  readonly instanceId?: string;
  readonly name: string;
  readonly phase: 'booting' | 'registered' | 'active' | 'draining' | 'gone' | 'default';
  readonly ageSeconds: number;
  /** As Jicofo sees it now; absent while Jicofo does not know the bridge. */
  readonly stressRatio?: number;
  readonly participantCount?: number;
  readonly conferenceCount?: number;
}

/** One decision record of the scaler's log. */
export interface DecisionPicture {
  readonly at: string;
  readonly trigger: string;
  readonly actions: readonly string[];
  readonly reasons: readonly string[];
}
