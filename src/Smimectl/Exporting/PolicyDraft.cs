using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>An object that is left to itself, and why.</summary>
/// <param name="Object">The object.</param>
/// <param name="Reason">Why no policy states it.</param>
internal sealed record LeftObject(TenantObject Object, string Reason);

/// <summary>A policy in the making: the objects that belong together, each with the part that it plays.</summary>
internal sealed class PolicyDraft(TenantObject appPolicy, TenantObject app, string name)
{
    private readonly Dictionary<string, TenantObject> _objects = new(StringComparer.Ordinal) { [Roles.AppPolicy] = appPolicy };
    private readonly Dictionary<string, TrustedCertificate> _roots = new(StringComparer.Ordinal);
    private readonly List<LeftObject> _left = [];

    /// <summary>The resource's name.</summary>
    public string Name => name;

    public TenantObject AppPolicy => appPolicy;

    /// <summary>The app that is configured.</summary>
    public TenantObject App => app;

    /// <summary>The app for Android; null where the policy does not serve Android.</summary>
    public TenantObject? AndroidApp { get; set; }

    /// <summary>The objects by role.</summary>
    public IReadOnlyDictionary<string, TenantObject> Objects => _objects;

    /// <summary>The trusted certificates by the name of their entry.</summary>
    public IReadOnlyDictionary<string, TrustedCertificate> Roots => _roots;

    /// <summary>What was looked at and does not fit.</summary>
    public IReadOnlyList<LeftObject> Left => _left;

    public bool Has(string role) => _objects.ContainsKey(role);

    public bool HasSigning => Has(Roles.SigningScepProfile) || Has(Roles.SigningPkcsProfile) || Has(Roles.SigningProfile);

    public void Add(string role, TenantObject value) => _objects.Add(role, value);

    /// <summary>Adds a trusted certificate.</summary>
    public void AddRoot(string entry, TenantObject value, TrustedCertificate certificate)
    {
        _objects.Add(Roles.Root(entry), value);
        _roots.Add(entry, certificate);
    }

    /// <summary>The entry that states an object's certificate.</summary>
    public string? EntryOf(TenantObject root) => _roots.Keys.FirstOrDefault(e => _objects[Roles.Root(e)].Id == root.Id);

    /// <summary>Leaves out what plays a part, and whatever cannot be without it.</summary>
    /// <returns>Whether there is still a policy.</returns>
    public bool Drop(string role, string reason)
    {
        if (role == Roles.AppPolicy || !Has(role))
        {
            return false;
        }

        foreach (var gone in DependentsOf(role).Where(Has).ToList())
        {
            _left.Add(new LeftObject(_objects[gone], gone == role ? reason : $"it needs {_objects.GetValueOrDefault(role)?.DisplayName ?? role}, of which: {reason}"));
            if (gone != role)
            {
                Remove(gone);
            }
        }

        Remove(role);
        return true;
    }

    /// <summary>The spec that states the objects.</summary>
    public SmimePolicySpec Spec(string tenant, UndocumentedSpec? undocumented)
    {
        var (outlook, _) = SpecReaders.Outlook(appPolicy, undocumented);
        var tags = _objects.Values.Select(o => SmimeObjects.Texts(o, "roleScopeTagIds").Order(StringComparer.Ordinal).ToList()).ToList();
        return new SmimePolicySpec
        {
            TenantRef = new TenantReference { Name = tenant },
            DisplayName = SpecReaders.DisplayName(appPolicy),
            RoleScopeTagIds = tags.TrueForAll(t => t.SequenceEqual(tags[0])) && tags[0] is not ([] or ["0"]) && tags[0].TrueForAll(SpecReaders.IsScopeTag) ? tags[0] : null,
            App = new OutlookApp
            {
                Id = app.Id,
                Source = app.Type == "iosVppApp" ? AppSource.Vpp : AppSource.Store,
                BundleId = app.Text("bundleId") is { Length: > 0 and <= 155 } bundle ? bundle : new OutlookApp().BundleId,
            },
            Outlook = outlook,
            Signing = Signing(),
            Encryption = Encryption(),
            EndUserNotifications = SpecReaders.Notifications(appPolicy, undocumented),
            TrustedCertificates = _roots.Count == 0
                ? null
                : [.. _roots.Keys.Select(e => new TrustedCertificateSpec { Name = e, CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = RootsName, Key = e + ".pem" } })],
            NativeMail = _objects.TryGetValue(Roles.NativeMail, out var mail) ? SpecReaders.NativeMail(mail) : null,
            Platforms = DraftPlatforms.Spec(this),
            Adoption = new AdoptionSpec { Objects = [.. _objects.Select(o => new AdoptedObject { Role = o.Key, Id = o.Value.Id })] },
        };
    }

    /// <summary>The ConfigMap with the trusted certificates.</summary>
    public string RootsName => name + "-roots";

    private SigningSpec? Signing() =>
        _objects.TryGetValue(Roles.SigningScepProfile, out var scep) ? new SigningSpec { Source = SigningSource.Scep, Scep = SpecReaders.Scep(scep, ScepEntry!) }
        : _objects.TryGetValue(Roles.SigningPkcsProfile, out var pkcs) ? new SigningSpec { Source = SigningSource.Pkcs, Pkcs = SpecReaders.Pkcs(pkcs) }
        : Has(Roles.SigningProfile) ? new SigningSpec { Source = SigningSource.ImportedPkcs }
        : Has(Roles.DerivedCredentialProfile) ? new SigningSpec { Source = SigningSource.DerivedCredential, DerivedCredential = Issuer() }
        : null;

    private EncryptionSpec? Encryption() =>
        Has(Roles.EncryptionProfile) ? new EncryptionSpec { Source = EncryptionSource.ImportedPkcs }
        : Has(Roles.DerivedCredentialProfile) ? new EncryptionSpec { Source = EncryptionSource.DerivedCredential, DerivedCredential = Issuer() }
        : null;

    private DerivedCredentialSpec? Issuer() =>
        _objects[Roles.DerivedCredentialProfile].References.GetValueOrDefault("derivedCredentialSettings") is { Length: > 0 and <= 64 } id ? new DerivedCredentialSpec { Id = id } : null;

    private string? ScepEntry => _objects[Roles.SigningScepProfile].References.GetValueOrDefault("rootCertificate") is { } id
        ? _roots.Keys.FirstOrDefault(e => string.Equals(_objects[Roles.Root(e)].Id, id, StringComparison.OrdinalIgnoreCase))
        : null;

    // The other platforms show the same certificates as iOS, so they go with whatever is missing there.
    private IEnumerable<string> DependentsOf(string role) =>
        DraftPlatforms.GroupOf(role) is { } group
            ? _objects.Keys.Where(r => DraftPlatforms.GroupOf(r) == group)
            : _objects.Keys.Where(r => r == role
                || ((role is Roles.EncryptionProfile or Roles.SigningProfile || _roots.ContainsKey(EntryNameOf(role))) && DraftPlatforms.GroupOf(r) is not null)
                || (r == Roles.SigningScepProfile && ScepEntry is { } entry && role == Roles.Root(entry))
                || (r == Roles.NativeMail && role.StartsWith("profile/", StringComparison.Ordinal)));

    private void Remove(string role)
    {
        _objects.Remove(role);
        _roots.Remove(EntryNameOf(role));
    }

    private static string EntryNameOf(string role) => role.StartsWith(Roles.Root(""), StringComparison.Ordinal) ? role[Roles.Root("").Length..] : "";
}
