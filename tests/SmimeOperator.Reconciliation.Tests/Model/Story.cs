using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Model;

/// <summary>What happens to a tenant and its operator in some weeks, chosen by a seed: edits in git, hands in the portal, faults of the service, deaths of the process.</summary>
internal sealed class Story
{
    private const int Steps = 60;
    private const int Rounds = 12;
    private const string Records = "userPfxCertificates";
    private static readonly string[] Names = ["one", "two", "three"];
    private static readonly string[] Certificates = ["old", "current", "renewed"];
    private static readonly string[] Roots = ["root.pem", "second.pem"];

    private readonly TenantWorld _world;
    private readonly Random _random;
    private readonly ExpectedTenant _expected;
    private readonly List<string> _told = [];
    private readonly Dictionary<string, string> _thumbprints = [];
    private readonly string[] _groups;
    private readonly string[] _excluded;
    private int _strangers;

    public Story(TenantWorld world, int seed)
    {
        (_world, _random, _expected) = (world, new Random(seed), new ExpectedTenant(world));
        _groups = [world.Sim.AddGroup("Staff"), world.Sim.AddGroup("Partners"), world.Sim.AddGroup("Board")];
        _excluded = [world.Sim.AddGroup("Contractors"), world.Sim.AddGroup("Kiosks")];
        world.Catalog.Put(DataKind.ConfigMap, "pki", Roots.ToDictionary(r => r, r => System.Text.Encoding.ASCII.GetBytes(world.Pki.Pem(r))));
    }

    /// <summary>What happened, line by line: what a failing seed is understood by.</summary>
    public string Told => string.Join('\n', _told);

    // A batch of reads is a POST that changes nothing.
    private List<RequestLogEntry> Changes => [.. _world.Writes.Where(w => !w.Path.EndsWith("/$batch", StringComparison.Ordinal))];

    /// <summary>Lets everything happen.</summary>
    public async Task HappenAsync()
    {
        foreach (var certificate in Certificates)
        {
            _thumbprints[certificate] = await _world.IdOfAsync(certificate);
            _world.Tls(certificate, certificate);
        }

        for (var step = 0; step < Steps; step++)
        {
            switch (_random.Next(12))
            {
                case 0 or 1:
                    EditPolicy();
                    break;
                case 2:
                    EditAssignment();
                    break;
                case 3:
                    EditImport();
                    break;
                case 4:
                    Remove();
                    break;
                case 5 or 6:
                    TouchTenant();
                    break;
                case 7:
                    BreakService();
                    break;
                case 8:
                    Tell("the service recovers");
                    _world.Sim.ClearFaults();
                    break;
                default:
                    await WorkAsync();
                    break;
            }
        }
    }

    /// <summary>The service recovers, and the operator is left alone with it until it is done.</summary>
    public async Task SettleAsync()
    {
        Tell("peace");
        _world.Sim.ClearFaults();
        await _world.RestartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            _world.Sim.Log.Clear();
            await _world.SweepAsync();
            foreach (var entity in Everything())
            {
                await ReconcileAsync(entity);
            }

            if (Changes.Count == 0 && Everything().All(e => e.Metadata.DeletionTimestamp is null && IsReady(e)))
            {
                return;
            }
        }

        throw new InvalidOperationException("It does not settle: " + string.Join("; ", Everything().Where(e => !IsReady(e) || e.Metadata.DeletionTimestamp is not null).Select(
            e => $"{e.Kind}/{e.Metadata.Name} {(e.Metadata.DeletionTimestamp is null ? "" : "(deleting) ")}{Status(e).Condition(ConditionTypes.Ready)?.Message}")
            .Concat(Changes.Select(w => $"{w.Method} {w.Path}"))));
    }

    /// <summary>Holds the tenant against the model, and asks every resource once more what it would do.</summary>
    public async Task CheckAsync()
    {
        await _expected.CheckAsync(i => Task.FromResult<IReadOnlyCollection<string>>([.. (i.Spec.Sources ?? []).Select(s => _thumbprints[s.Name])]));
        foreach (var policy in _world.Catalog.Policies)
        {
            (await _world.ReconcileAsync(policy, planOnly: true)).Plan.Changes.ShouldBeEmpty();
        }

        foreach (var import in _world.Catalog.Imports)
        {
            (await _world.ReconcileAsync(import, planOnly: true)).Plan.Changes.ShouldBeEmpty();
        }

        foreach (var assignment in _world.Catalog.Assignments)
        {
            (await _world.ReconcileAsync(assignment, planOnly: true)).Plan.Changes.ShouldBeEmpty();
        }
    }

    private void EditPolicy()
    {
        var name = Pick(Names);
        var existing = _world.Catalog.Policies.Find(p => p.Metadata.Name == name);
        if (existing?.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        Tell($"git: policy {name} is {(existing is null ? "new" : "changed")}");
        if (existing is null)
        {
            _world.AddPolicy(name, Fill);
        }
        else
        {
            TenantWorld.Edit(existing, Fill);
        }
    }

    private void Fill(SmimePolicySpec spec)
    {
        spec.DisplayName = $"S/MIME {_random.Next(3)}";
        spec.Outlook = new OutlookSettings
        {
            Smime = new SettingWithOverride { Enabled = Maybe() },
            LdapUrl = Maybe() ? $"ldaps://ldap{_random.Next(3)}.contoso.com" : null,
            EncryptAllMail = Maybe() ? new SettingWithOverride { Enabled = Maybe() } : null,
        };
        spec.Encryption = Maybe() ? new EncryptionSpec { Source = EncryptionSource.ImportedPkcs } : null;
        spec.TrustedCertificates = [.. Roots.Where(_ => Maybe()).Select(r => new TrustedCertificateSpec
        {
            Name = Path.GetFileNameWithoutExtension(r),
            CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = r },
        })];
        spec.Signing = _random.Next(3) switch
        {
            0 => new SigningSpec { Source = SigningSource.ImportedPkcs },
            1 when spec.TrustedCertificates.Count > 0 => PolicySpecs.Scep(spec.TrustedCertificates[0].Name),
            _ => null,
        };
        spec.Drift = new DriftSpec { AllowDisruptive = true };
    }

    private void EditAssignment()
    {
        var policies = _world.Catalog.Policies.FindAll(p => p.Metadata.DeletionTimestamp is null);
        var name = Pick(Names) + "-people";
        var existing = _world.Catalog.Assignments.Find(a => a.Metadata.Name == name);
        if (policies.Count == 0 || existing?.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        if (existing is null)
        {
            var policy = Pick(policies).Metadata.Name;
            Tell($"git: assignment {name} of {policy} is new");
            _world.AddAssignment(name, FillAssignment, policy);
        }
        else
        {
            Tell($"git: assignment {name} is changed");
            TenantWorld.Edit(existing, FillAssignment);
        }
    }

    private void FillAssignment(AssignmentSpec spec)
    {
        spec.Include = [.. _groups.Where(_ => Maybe()).Select(g => new IncludeTarget { Group = new GroupReference { Id = g } })];
        if (spec.Include.Count == 0)
        {
            spec.Include = [new IncludeTarget { AllUsers = true }];
        }

        spec.Exclude = [.. _excluded.Where(_ => Maybe()).Select(g => new ExcludeTarget { Group = new GroupReference { Id = g } })];
        spec.Drift = new DriftSpec { AllowDisruptive = true };
    }

    private void EditImport()
    {
        var existing = _world.Catalog.Imports.Find(i => i.Metadata.Name == "alice");
        if (existing?.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        Tell($"git: import of alice is {(existing is null ? "new" : "changed")}");
        if (existing is null)
        {
            _world.AddImport(change: FillImport);
        }
        else
        {
            TenantWorld.Edit(existing, FillImport);
        }
    }

    private void FillImport(CertificateImportSpec spec)
    {
        var chosen = Certificates.Where(_ => Maybe()).DefaultIfEmpty(Certificates[0]).ToList();
        spec.Sources = [.. chosen.Select(c => new CertificateSourceSpec { Name = c, Tls = new TlsSource { SecretName = c } })];
        spec.History = Maybe() ? HistoryPolicy.Keep : HistoryPolicy.Prune;
        spec.DeletionPolicy = Maybe() ? DeletionPolicy.Orphan : DeletionPolicy.Delete;
        chosen.ForEach(c => _expected.State(TenantWorld.User, _thumbprints[c]));
    }

    private void Remove()
    {
        var candidates = Everything().Where(e => e.Metadata.DeletionTimestamp is null).ToList();
        if (candidates.Count == 0)
        {
            return;
        }

        var gone = Pick(candidates);
        // Whoever takes a policy out of git takes out what refers to it: a policy waits for its Assignments.
        var along = gone is SmimePolicy ? _world.Catalog.Assignments.Where(a => a.Spec.PolicyRef.Name == gone.Metadata.Name) : [];
        foreach (var entity in along.Append(gone))
        {
            Tell($"git: {entity.Kind} {entity.Metadata.Name} is removed");
            entity.Metadata.DeletionTimestamp ??= DateTime.UtcNow;
        }
    }

    private void TouchTenant()
    {
        var collection = Pick(["mobileAppConfigurations", "deviceConfigurations", Records, "stranger"]);
        if (collection == "stranger")
        {
            AddStranger();
            return;
        }

        var ours = _world.Sim.List(collection).Where(o => collection == Records ? _thumbprints.ContainsValue((string)o["id"]!) : ((string?)o["description"] ?? "").Contains("[smime-operator", StringComparison.Ordinal)).ToList();
        if (ours.Count == 0)
        {
            return;
        }

        var one = Pick(ours);
        var id = (string)one["id"]!;
        switch (_random.Next(collection == Records ? 1 : 4))
        {
            case 0:
                Tell($"portal: {collection} {id} is deleted");
                _world.Sim.Delete(collection, id);
                break;
            case 1:
                Tell($"portal: {collection} {id} is renamed");
                _world.Sim.Change(collection, id, new() { ["displayName"] = "Renamed in the portal" });
                break;
            case 2:
                Tell($"portal: {collection} {id} is taken away from everybody");
                _world.Sim.Change(collection, id, new() { ["assignments"] = new JsonArray() });
                break;
            default:
                if (collection == "mobileAppConfigurations")
                {
                    Tell($"portal: settings of {id} are emptied");
                    _world.Sim.Change(collection, id, new() { ["settings"] = new JsonArray() });
                }

                break;
        }
    }

    private void AddStranger()
    {
        var number = (++_strangers).ToString(CultureInfo.InvariantCulture);
        var id = _world.Sim.Add("deviceConfigurations", new()
        {
            ["@odata.type"] = "#microsoft.graph.iosImportedPFXCertificateProfile",
            ["displayName"] = $"S/MIME {_random.Next(3)}",
            ["description"] = $"Somebody's profile {number}",
            ["intendedPurpose"] = "smimeEncryption",
        });
        Tell($"portal: somebody makes profile {id}");
        _expected.AddStranger("deviceConfigurations", id);
    }

    private void BreakService()
    {
        var rule = _random.Next(9) switch
        {
            0 => new FaultRule { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } },
            1 => new FaultRule { Status = 429 },
            2 => new FaultRule { Status = 503 },
            3 => new FaultRule { Status = 500 },
            4 => new FaultRule { Drop = DropMoment.BeforeCommit },
            5 => new FaultRule { Drop = DropMoment.AfterCommit },
            6 => new FaultRule { TruncateAfter = 20 },
            7 => new FaultRule { HtmlPage = true, Status = 502 },
            _ => new FaultRule { MalformedJson = true, Method = "GET" },
        };
        rule = rule with { Probability = 0.05 + (_random.NextDouble() * 0.4), Method = rule.Method ?? (Maybe() ? "POST|PATCH|DELETE" : null) };
        Tell($"service: {rule}");
        _world.Sim.AddFault(rule);
    }

    private async Task WorkAsync()
    {
        if (_random.Next(3) > 0)
        {
            await LookAsync();
            return;
        }

        var (moment, nth) = Maybe() ? (DeathMoment.BeforeRequest, 1 + _random.Next(25)) : (DeathMoment.AfterWrite, 1 + _random.Next(8));
        var lags = Maybe();
        Tell($"the process may die: {moment} {nth}{(lags ? ", and lists show nothing that it makes" : "")}");
        var faults = _world.Sim.Faults;
        if (lags)
        {
            _world.Sim.AddFault(new FaultRule { Method = "GET", Path = "/(mobileApps|mobileAppConfigurations|deviceConfigurations)", StaleList = true });
        }

        if (await _world.KillDuringAsync(moment, nth, LookAsync))
        {
            Tell("it died");
            if (lags)
            {
                await LookAsync(Everything().FindAll(e => e is not Assignment { Metadata.DeletionTimestamp: not null }));
            }
        }

        _world.Sim.ClearFaults();
        foreach (var fault in faults)
        {
            _world.Sim.AddFault(fault);
        }
    }

    private async Task LookAsync()
    {
        if (Maybe())
        {
            Tell("sweep");
            await _world.SweepAsync();
        }

        await LookAsync(Everything());
    }

    private async Task LookAsync(List<IKubernetesObject<V1ObjectMeta>> at)
    {
        var chosen = at.Where(_ => _random.Next(4) > 0).ToLookup(e => e.Metadata.DeletionTimestamp is null);
        if (Maybe())
        {
            Tell("side by side:");
            await Task.WhenAll(chosen[true].Select(ReconcileAsync));
        }
        else
        {
            foreach (var entity in chosen[true])
            {
                await ReconcileAsync(entity);
            }
        }

        foreach (var entity in chosen[false])
        {
            await ReconcileAsync(entity);
        }
    }

    private async Task ReconcileAsync(IKubernetesObject<V1ObjectMeta> entity)
    {
        Tell($"work on {entity.Kind} {entity.Metadata.Name}{(entity.Metadata.DeletionTimestamp is null ? "" : ", deleting")}");
        var isDeleting = entity.Metadata.DeletionTimestamp is not null;
        await (entity switch
        {
            SmimePolicy p => (Task)(isDeleting ? _world.DeleteAsync(p) : _world.ReconcileAsync(p)),
            CertificateImport i => isDeleting ? _world.DeleteAsync(i) : _world.ReconcileAsync(i),
            Assignment a => isDeleting ? _world.DeleteAsync(a) : _world.ReconcileAsync(a),
            _ => throw new ArgumentOutOfRangeException(nameof(entity)),
        });
        Tell($"  {Status(entity).Condition(ConditionTypes.Ready)?.Reason}: {Status(entity).Condition(ConditionTypes.Ready)?.Message}");
    }

    private List<IKubernetesObject<V1ObjectMeta>> Everything() => [.. _world.Catalog.Policies, .. _world.Catalog.Imports, .. _world.Catalog.Assignments];

    private static ResourceStatus? Status(IKubernetesObject<V1ObjectMeta> entity) => entity switch
    {
        SmimePolicy p => p.Status,
        CertificateImport i => i.Status,
        _ => ((Assignment)entity).Status,
    };

    private static bool IsReady(IKubernetesObject<V1ObjectMeta> entity) => Status(entity).Condition(ConditionTypes.Ready)?.Status == "True";

    private bool Maybe() => _random.Next(2) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private void Tell(string line)
    {
        lock (_told)
        {
            _told.Add(line);
        }
    }
}
