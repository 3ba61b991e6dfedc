using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>
/// Finds what belongs together. The tenant does not say it: an app policy and the profiles that bring its certificates are assigned to the same
/// people, and often one's name begins with the other's. References are certain, the rest is likelihood, decided the same way each time. Pure.
/// </summary>
internal sealed class Grouping(TenantSnapshot snapshot, DateTimeOffset now)
{
    // A policy lists at most this many.
    private const int MostRoots = 32;

    private readonly Dictionary<string, string> _left = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The policies, and the S/MIME objects that belong to none.</summary>
    public (IReadOnlyList<PolicyDraft> Drafts, IReadOnlyList<LeftObject> Left) Group(Names names)
    {
        var objects = SmimeObjects.Of(snapshot).ToDictionary(o => o.Id, StringComparer.OrdinalIgnoreCase);
        var marked = objects.Values.Where(o => SmimeObjects.MarkOf(o) is not null).ToList();
        marked.ForEach(o => Leave(o, MarkedReason(SmimeObjects.MarkOf(o)!)));
        var drafts = objects.Values.Where(o => SmimeObjects.PartOf(o) == SmimePart.AppPolicy && IsOpen(o)).Select(o => Begin(o, names)).OfType<PolicyDraft>().ToList();
        Place(drafts, objects.Values, o => SmimeObjects.PartOf(o) is SmimePart.Issuing or SmimePart.Imported && DraftPlatforms.PlatformOf(o) == DevicePlatform.IOS, TryProfile);
        Place(drafts, objects.Values, o => SmimeObjects.PartOf(o) == SmimePart.DerivedCredential, TryDerived);
        Place(drafts, Roots(SmimeObjects.RootType), _ => true, TryRoot, mustBeSame: true);
        Place(drafts, objects.Values, o => SmimeObjects.PartOf(o) == SmimePart.NativeMail, TryMail);
        PlacePlatforms(drafts, objects.Values);
        var left = objects.Values.Where(o => !_taken.Contains(o.Id))
            .Select(o => new LeftObject(o, _left.GetValueOrDefault(o.Id, "no app policy is assigned to the same people")));
        return (drafts, [.. left]);
    }

    private static string MarkedReason(OwnershipMark mark) => $"it bears the mark of {mark.Owner} of cluster {mark.ClusterId}";

    private PolicyDraft? Begin(TenantObject policy, Names names)
    {
        var targets = SmimeObjects.Texts(policy, "targetedMobileApps");
        var app = targets.Count == 1 ? snapshot.Find(TenantCollection.MobileApps, targets[0]) : null;
        if (app?.Type is not ("iosStoreApp" or "iosVppApp") || !Guid.TryParse(app.Id, out _))
        {
            Leave(policy, targets.Count == 1 ? "the app that it configures is no store or volume-purchased app of the tenant" : $"it configures {targets.Count} apps, and a policy configures one");
            return null;
        }

        _taken.Add(policy.Id);
        return new PolicyDraft(policy, app, names.Take(policy.DisplayName, "outlook"));
    }

    private void Place(
        IReadOnlyList<PolicyDraft> drafts, IEnumerable<TenantObject> objects, Func<TenantObject, bool> isMeant, Func<PolicyDraft, TenantObject, string?> tryAdd, bool mustBeSame = false)
    {
        var pairs = from value in objects.Where(o => IsOpen(o) && isMeant(o)).ToList()
                    from draft in drafts
                    let likeness = Likeness.Of(draft.AppPolicy, value)
                    where mustBeSame ? likeness.IsSame || likeness.IsNamedAlike : likeness.IsSome
                    orderby likeness.Rank descending, value.Id, draft.AppPolicy.Id
                    select (draft, value);
        foreach (var (draft, value) in pairs.ToList())
        {
            if (_taken.Contains(value.Id))
            {
                continue;
            }

            if (tryAdd(draft, value) is { } problem)
            {
                Leave(value, problem);
            }
            else
            {
                _taken.Add(value.Id);
            }
        }
    }

    private string? TryProfile(PolicyDraft draft, TenantObject value)
    {
        if (value.Type == SmimeObjects.ImportedType)
        {
            return SmimeObjects.PurposeOf(value) == "smimeencryption" ? Fill(draft, Roles.EncryptionProfile, value, draft.Has(Roles.EncryptionProfile)) : Fill(draft, Roles.SigningProfile, value, draft.HasSigning);
        }

        if (value.Type == SmimeObjects.PkcsType)
        {
            return Fill(draft, Roles.SigningPkcsProfile, value, draft.HasSigning);
        }

        if (draft.HasSigning)
        {
            return Fill(draft, Roles.SigningScepProfile, value, isFull: true);
        }

        var root = value.References.GetValueOrDefault("rootCertificate") is { } id ? snapshot.Find(TenantCollection.DeviceConfigurations, id) : null;
        if (root is null)
        {
            return "it refers to no trusted certificate of the tenant";
        }

        if (draft.EntryOf(root) is null)
        {
            if (!IsOpen(root))
            {
                return $"its root {SmimeObjects.Describe(root)} belongs to another policy";
            }

            if (TryRoot(draft, root) is { } problem)
            {
                return $"its root {SmimeObjects.Describe(root)}: {problem}";
            }

            _taken.Add(root.Id);
        }

        return Fill(draft, Roles.SigningScepProfile, value, isFull: false);
    }

    private static string? TryDerived(PolicyDraft draft, TenantObject value) =>
        Fill(draft, Roles.DerivedCredentialProfile, value, draft.Has(Roles.DerivedCredentialProfile) || (draft.HasSigning && draft.Has(Roles.EncryptionProfile)));

    private static string? TryMail(PolicyDraft draft, TenantObject value) => Fill(draft, Roles.NativeMail, value, draft.Has(Roles.NativeMail));

    private string? TryRoot(PolicyDraft draft, TenantObject value)
    {
        var (certificate, problem) = Read(value);
        if (certificate is null || draft.Roots.Count == MostRoots)
        {
            return problem ?? $"a policy lists {MostRoots} trusted certificates at most";
        }

        draft.AddRoot(new Names(draft.Roots.Keys).Take(value.DisplayName, "root"), value, certificate);
        return null;
    }

    private void PlacePlatforms(IReadOnlyList<PolicyDraft> drafts, IReadOnlyCollection<TenantObject> objects)
    {
        Place(drafts, objects, o => SmimeObjects.PartOf(o) == SmimePart.AndroidAppPolicy, TryAndroidPolicy);
        foreach (var platform in DraftPlatforms.All)
        {
            Place(drafts, objects, o => o.Type == platform.ImportedType && SmimeObjects.PartOf(o) == SmimePart.Imported, (draft, value) =>
            {
                var role = SmimeObjects.PurposeOf(value) == "smimeencryption" ? Roles.EncryptionProfile : Roles.SigningProfile;
                return draft.Has(role) ? Fill(draft, $"{platform.Key}/{role}", value, draft.Has($"{platform.Key}/{role}")) : $"the policy of {draft.AppPolicy.DisplayName} has no such profile for iOS";
            });
            Place(drafts, Roots(platform.RootType), _ => true, (draft, value) =>
            {
                var entry = Read(value).Certificate is { } certificate
                    ? draft.Roots.FirstOrDefault(r => r.Value.Thumbprint == certificate.Thumbprint && !draft.Has($"{platform.Key}/{Roles.Root(r.Key)}")).Key : null;
                return entry is null ? "no policy trusts its certificate on iOS" : Fill(draft, $"{platform.Key}/{Roles.Root(entry)}", value, isFull: false);
            });
        }

        foreach (var draft in drafts)
        {
            foreach (var platform in draft.Objects.Keys.Select(DraftPlatforms.GroupOf).OfType<DevicePlatform>().Distinct().ToList())
            {
                if (DraftPlatforms.Missing(draft, platform) is { } missing)
                {
                    draft.Drop(draft.Objects.Keys.First(r => DraftPlatforms.GroupOf(r) == platform), $"{platform} is stated whole or not at all, and there is nothing for {missing}");
                }
            }
        }
    }

    private string? TryAndroidPolicy(PolicyDraft draft, TenantObject value)
    {
        var targets = SmimeObjects.Texts(value, "targetedMobileApps");
        var app = targets.Count == 1 ? snapshot.Find(TenantCollection.MobileApps, targets[0]) : null;
        if (app?.Type != "androidManagedStoreApp" || !Guid.TryParse(app.Id, out _))
        {
            return "it configures no single app of managed Google Play";
        }

        if (Fill(draft, Roles.AndroidAppPolicy, value, draft.Has(Roles.AndroidAppPolicy)) is { } problem)
        {
            return problem;
        }

        draft.AndroidApp = app;
        return null;
    }

    private static string? Fill(PolicyDraft draft, string role, TenantObject value, bool isFull)
    {
        if (isFull)
        {
            return $"the policy of '{draft.AppPolicy.DisplayName}' has another object for that part ({role})";
        }

        draft.Add(role, value);
        return null;
    }

    private (TrustedCertificate? Certificate, string? Problem) Read(TenantObject root)
    {
        try
        {
            var bytes = Convert.FromBase64String(root.Text("trustedRootCertificate") ?? "");
            return CertificateReader.ReadTrusted(bytes) switch
            {
                [{ IsAuthority: true } one] when one.NotAfter > now && one.Der.AsSpan().SequenceEqual(bytes) => (one, null),
                [{ IsAuthority: true } one] when one.NotAfter <= now => (null, $"its certificate expired on {one.NotAfter:yyyy-MM-dd}"),
                _ => (null, "it holds no single certificate of a certification authority, in DER"),
            };
        }
        catch (Exception fault) when (fault is FormatException or CertificateSourceException)
        {
            return (null, "its certificate cannot be read");
        }
    }

    private IEnumerable<TenantObject> Roots(string type) =>
        snapshot.All(TenantCollection.DeviceConfigurations).Where(o => o.Type == type).OrderBy(o => o.Id, StringComparer.Ordinal);

    private bool IsOpen(TenantObject value) => !_taken.Contains(value.Id) && SmimeObjects.MarkOf(value) is null && Guid.TryParse(value.Id, out _);

    private void Leave(TenantObject value, string reason) => _left.TryAdd(value.Id, reason);
}

/// <summary>How likely two objects belong together.</summary>
internal readonly record struct Likeness(bool IsSame, bool IsNamedAlike, int Shared)
{
    public bool IsSome => Shared > 0 || IsNamedAlike;

    public int Rank => (IsSame ? 1_000_000 : 0) + (IsNamedAlike ? 100_000 : 0) + Math.Min(Shared, 99_999);

    public static Likeness Of(TenantObject policy, TenantObject other)
    {
        var one = Included(policy);
        var two = Included(other);
        return new Likeness(
            one.Count > 0 && one.SetEquals(two),
            policy.DisplayName is { Length: > 2 } name && other.DisplayName?.StartsWith(name, StringComparison.OrdinalIgnoreCase) == true,
            one.Intersect(two).Count());
    }

    private static HashSet<(TargetKind, string?)> Included(TenantObject value) =>
        [.. value.Assignments.Select(a => a.Target).Where(t => t.Kind is not (TargetKind.ExclusionGroup or TargetKind.Other)).Select(t => (t.Kind, t.GroupId))];
}
