using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// What S/MIME needs beside the policy itself, as far as the tenant's snapshot and the other resources' statuses tell it: no request is
/// made for it. What nobody can see through Graph stands in docs/prerequisites.md.
/// </summary>
public static class Prerequisites
{
    private const string ConnectorPoint = "certificate-connector";
    private const string AppPoint = "outlook-app";
    private const string RootsPoint = "trusted-roots";
    private const string TargetsPoint = "assignment-targets";
    private const string EncryptionPoint = "encryption-certificates";
    private const string SigningPoint = "signing-certificates";
    private const string AddressesPoint = "mail-addresses";
    private const string IssuerPoint = "derived-credential-issuer";
    private const string NotificationsPoint = "end-user-notifications";
    private const int Shown = 5;

    /// <summary>Whether a point looks at imported certificates of a purpose.</summary>
    public static bool LooksAt(string point, ImportPurpose? purpose) =>
        point == AddressesPoint || point == (purpose == ImportPurpose.SmimeSigning ? SigningPoint : EncryptionPoint);

    /// <summary>The points that concern a policy, in the order of their names; messages name no counts, so that a status is news only when something changed.</summary>
    internal static List<PrerequisiteStatus> Of(SmimePolicy policy, TenantSession session, IResourceCatalog catalog, IReadOnlyList<OwnedObject> owned)
    {
        var points = new List<PrerequisiteStatus?>
        {
            Connector(policy.Spec, session),
            App(policy, session.Connection.Current!, owned),
            Roots(session.Connection.Current!, owned),
            Targets(policy, catalog),
            Certificates(EncryptionPoint, policy.Spec.Encryption?.Source == EncryptionSource.ImportedPkcs, "smimeEncryption", session),
            Certificates(SigningPoint, policy.Spec.Signing?.Source == SigningSource.ImportedPkcs, "smimeSigning", session),
            Addresses(policy, catalog),
        };
        points.AddRange(Notifications(policy.Spec, session));
        return [.. points.OfType<PrerequisiteStatus>().OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>All points in one condition: what is missing counts first, then what could not be looked at.</summary>
    internal static (bool? Met, string Message) Summarise(IReadOnlyList<PrerequisiteStatus> points)
    {
        var missing = points.Where(p => p.State == PrerequisiteState.NotMet).ToList();
        var open = missing.Count > 0 ? missing : [.. points.Where(p => p.State == PrerequisiteState.Unknown)];
        return open.Count > 0
            ? (missing.Count > 0 ? false : null, string.Join("; ", open.Select(p => $"{p.Name}: {p.Message}")))
            : (true, "everything that can be seen through Graph is there");
    }

    private static PrerequisiteStatus? Connector(SmimePolicySpec spec, TenantSession session)
    {
        if (spec.Encryption?.Source != EncryptionSource.ImportedPkcs && spec.Signing?.Source is not (SigningSource.ImportedPkcs or SigningSource.Pkcs))
        {
            return null;
        }

        if (session.Resource is not { } tenant || session.Snapshot.Faults.ContainsKey(SnapshotPart.Connectors))
        {
            return Point(ConnectorPoint, PrerequisiteState.Unknown, "the connectors could not be read");
        }

        var (healthy, message) = ConnectorHealth.Judge(session.Snapshot.Connectors, tenant.Spec.MinimumConnectorVersion);
        return Point(ConnectorPoint, healthy ? PrerequisiteState.Met : PrerequisiteState.NotMet, message);
    }

    // The choice is kept and checked; whether anybody acts on it, people must be able to see.
    private static IEnumerable<PrerequisiteStatus> Notifications(SmimePolicySpec spec, TenantSession session)
    {
        if (spec.EndUserNotifications is not { Count: > 0 } chosen)
        {
            yield break;
        }

        var usesDerived = DerivedCredentials.AreUsedBy(spec);
        if (usesDerived && DerivedCredentials.Locate(spec, session.Snapshot.DerivedCredentials) is { } issuer)
        {
            var asked = string.Join(", ", chosen.Order());
            var there = string.Join(", ", issuer.NotificationType.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(n => Enum.TryParse<EndUserNotification>(n, ignoreCase: true, out var known) ? known.ToString() : n)
                .Order(StringComparer.Ordinal));
            yield return there == asked
                ? Point(IssuerPoint, PrerequisiteState.Met, $"issuer '{issuer.DisplayName}' notifies by {there}")
                : Point(IssuerPoint, PrerequisiteState.NotMet, $"issuer '{issuer.DisplayName}' notifies by {there}, spec.endUserNotifications says {asked}; the operator never changes the issuer, so change it in Intune or write the same");
        }

        var needsSetting = (spec.Signing is not null && !DerivedCredentials.ForSigning(spec)) || (spec.Encryption is not null && !DerivedCredentials.ForEncryption(spec)) || !usesDerived;
        if (needsSetting)
        {
            yield return UndocumentedSettings.WritesNotifications(spec, session.Resource?.Spec.Undocumented)
                ? Point(NotificationsPoint, PrerequisiteState.Met, "written as the setting that the Tenant's spec.undocumented.endUserNotifications names")
                : Point(NotificationsPoint, PrerequisiteState.NotMet,
                    $"spec.endUserNotifications: not written, for where the service keeps {string.Join(" and ", chosen)} is not documented; name the setting in the Tenant's spec.undocumented.endUserNotifications, or choose it in the portal");
        }
    }

    private static PrerequisiteStatus App(SmimePolicy policy, TenantSnapshot snapshot, IReadOnlyList<OwnedObject> owned) =>
        OutlookAppLocator.Locate(policy.Spec.App, snapshot, owned.FirstOrDefault(o => o.Role == Roles.App)?.Id) is { } app
            ? Point(AppPoint, PrerequisiteState.Met, $"{app.Type} '{app.DisplayName}' ({app.Id})")
            : Point(AppPoint, PrerequisiteState.NotMet, "the app is not in the tenant yet");

    // Whoever gets a profile without the root that signed its certificates gets certificates that the device does not trust.
    private static PrerequisiteStatus? Roots(TenantSnapshot snapshot, IReadOnlyList<OwnedObject> owned)
    {
        var objects = owned.Where(o => o.Role != Roles.App)
            .Select(o => (o.Role, Object: ObjectShapes.Of(o.Kind) is { } shape ? snapshot.Find(shape.Collection, o.Id) : null)).ToList();
        var roots = objects.Where(o => Roles.StageOf(o.Role) == ChangeStage.Roots).ToList();
        if (roots.Count == 0)
        {
            return null;
        }

        var reached = objects.Where(o => Roles.StageOf(o.Role) != ChangeStage.Roots && o.Object is not null)
            .SelectMany(o => o.Object!.Assignments.Select(a => a.Target)).ToHashSet();
        var faulty = roots.Where(r => r.Object is null || !Reaches(r.Object.Assignments.Select(a => a.Target).ToHashSet(), reached)).ToList();
        return faulty.Count == 0
            ? Point(RootsPoint, PrerequisiteState.Met, "every root is in the tenant and assigned to the same people as the profiles")
            : Point(RootsPoint, PrerequisiteState.NotMet, string.Join(", ", faulty.Take(Shown).Select(r => r.Object is null
                ? $"{r.Role} is not in the tenant"
                : $"{r.Object.DisplayName} is not assigned to the same people as the profiles")));
    }

    // A root may go to more people than the profiles, but to everybody who gets one.
    private static bool Reaches(HashSet<AssignmentTarget> root, HashSet<AssignmentTarget> profiles) =>
        profiles.Where(t => t.Kind != TargetKind.ExclusionGroup).All(root.Contains)
        && root.Where(t => t.Kind == TargetKind.ExclusionGroup).All(profiles.Contains);

    private static PrerequisiteStatus? Targets(SmimePolicy policy, IResourceCatalog catalog)
    {
        var assignments = catalog.AssignmentsOf(new ResourceName(policy.Metadata.NamespaceProperty, policy.Metadata.Name));
        if (assignments.Count == 0)
        {
            return null;
        }

        var lost = assignments.Where(a => ReadyReason(a.Status) is Reasons.NotFoundInTenant or Reasons.AmbiguousMatch)
            .Select(a => a.Metadata.Name).Order(StringComparer.Ordinal).ToList();
        return lost.Count == 0
            ? Point(TargetsPoint, PrerequisiteState.Met, "every group and filter that Assignments name was found, as far as they were looked at")
            : Point(TargetsPoint, PrerequisiteState.NotMet, $"a group or filter is missing or ambiguous; see Assignment {string.Join(", ", lost.Take(Shown))}");
    }

    private static PrerequisiteStatus? Certificates(string name, bool isNeeded, string purpose, TenantSession session)
    {
        if (!isNeeded)
        {
            return null;
        }

        var snapshot = session.Connection.Current!;
        if (snapshot.Faults.ContainsKey(SnapshotPart.ImportedCertificates))
        {
            return Point(name, PrerequisiteState.Unknown, "the imported certificates could not be read");
        }

        var exists = snapshot.CertificatesByUser.Values.Any(c => c.Any(i => string.Equals(i.IntendedPurpose, purpose, StringComparison.OrdinalIgnoreCase)));
        return exists
            ? Point(name, PrerequisiteState.Met, $"there are imported certificates of purpose {purpose}; whether everybody has one is not known, for members of groups are not read")
            : Point(name, PrerequisiteState.NotMet, $"nobody has an imported certificate of purpose {purpose}; make a CertificateImport");
    }

    private static PrerequisiteStatus? Addresses(SmimePolicy policy, IResourceCatalog catalog)
    {
        var purposes = new List<ImportPurpose?>();
        if (policy.Spec.Encryption?.Source == EncryptionSource.ImportedPkcs)
        {
            purposes.Add(ImportPurpose.SmimeEncryption);
        }

        if (policy.Spec.Signing?.Source == SigningSource.ImportedPkcs)
        {
            purposes.Add(ImportPurpose.SmimeSigning);
        }

        if (purposes.Count == 0)
        {
            return null;
        }

        var refused = catalog.ImportsOf(ResourceReferences.TenantOf(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty))
            .Where(i => purposes.Contains(i.Spec.Purpose) && ReadyReason(i.Status) == Reasons.IdentityMismatch)
            .Select(i => $"{i.Metadata.NamespaceProperty}/{i.Metadata.Name}").Order(StringComparer.Ordinal).Take(Shown).ToList();
        return refused.Count == 0
            ? Point(AddressesPoint, PrerequisiteState.Met, "no import was refused because its certificate names another address")
            : Point(AddressesPoint, PrerequisiteState.NotMet, $"a certificate does not name its user's mail address; see CertificateImport {string.Join(", ", refused)}");
    }

    private static string? ReadyReason(ResourceStatus? status) => status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Reason;

    private static PrerequisiteStatus Point(string name, PrerequisiteState state, string message) => new() { Name = name, State = state, Message = message };
}
