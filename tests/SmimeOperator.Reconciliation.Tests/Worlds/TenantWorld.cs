using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing.Graph;

namespace SmimeOperator.Reconciliation.Tests.Worlds;

/// <summary>
/// A simulated tenant, the reconcilers as the operator registers them, and a cluster's resources in memory. Every status and event that
/// comes out is held against <see cref="StatusRules"/>, every request body against the schema.
/// </summary>
internal sealed class TenantWorld : IAsyncDisposable
{
    public const string Namespace = "team-a";
    public const string User = "alice@contoso.com";

    private static readonly CsdlSchema? Official = CsdlSchema.TryLoad()?.AcceptPlatforms();

    private readonly Func<ServiceProvider> _start;
    private ServiceProvider _services;
    private readonly RecordingProxy _proxy;
    private readonly List<string> _texts = [];
    private CancellationTokenSource _life = CancellationTokenSource.CreateLinkedTokenSource(Stop);
    private int _uids;

    private TenantWorld(SimulatorHost host, RecordingProxy proxy, Pki pki, Func<SimulatedTenant, TokenCredential>? credential, TimeSpan grace)
    {
        (Host, _proxy, Pki) = (host, proxy, pki);
        _start = () => new ServiceCollection()
            .AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<Func<double>>(() => 0.5)
            .AddIntune(o =>
            {
                o.ConsistencyGrace = grace;
                o.ThrottleFloor = TimeSpan.FromMilliseconds(20);
                o.ThrottlePatience = TimeSpan.FromSeconds(1);
                o.OutageDelay = TimeSpan.FromMilliseconds(2);
                o.DirectoryWindow = TimeSpan.FromMilliseconds(1);
                o.FaultyPartRetry = TimeSpan.Zero;
            })
            .AddReconciliation()
            .AddSingleton(p => new TenantPool(credential is null
                ? p.GetRequiredService<IIntuneTenantFactory>()
                : new WithCredential(p.GetRequiredService<IIntuneTenantFactory>(), credential(host.Tenant))))
            .BuildServiceProvider();
        _services = _start();
    }

    public SimulatorHost Host { get; }

    public SimulatedTenant Sim => Host.Tenant;

    public Pki Pki { get; }

    public TestClock Clock { get; } = new();

    public LogRecorder Log { get; } = new();

    public MemoryCatalog Catalog { get; } = new();

    public Tenant Tenant { get; private set; } = new();

    /// <summary>The object id of <see cref="User"/>, as natural keys write it.</summary>
    public string UserKey { get; private set; } = "";

    /// <summary>Requests that change something, as the simulator saw them: looking up directory objects by id is a POST that does not.</summary>
    public IReadOnlyList<RequestLogEntry> Writes =>
        [.. Sim.Log.Entries.Where(e => e.Method != "GET" && !e.Path.EndsWith("/getByIds", StringComparison.Ordinal))];

    /// <summary>The way between operator and tenant.</summary>
    public RecordingProxy Proxy => _proxy;

    /// <summary>What was sent, as it went over the wire.</summary>
    public IReadOnlyList<SentRequest> Sent => _proxy.Sent;

    /// <summary>Everything that people get to see of what happened: statuses, events, plans, log lines.</summary>
    public IEnumerable<string> Texts => _texts.Concat(Log.Lines);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TenantWorld> StartAsync(
        Pki pki, SimulatorOptions? simulator = null, Func<SimulatedTenant, TokenCredential>? credential = null, Action<TenantSpec>? tenant = null,
        TimeSpan grace = default)
    {
        await pki.ReadyAsync();
        var host = await SimulatorHost.StartAsync((simulator ?? new SimulatorOptions()) with { Limits = PublishedLimits.Off, ConnectorPrivateKeyPem = pki.Pem("connector.key") }, Stop);
        var world = new TenantWorld(host, await RecordingProxy.StartAsync(host.BaseAddress), pki, credential, grace);
        world.UserKey = world.Sim.AddUser(User).Replace("-", "", StringComparison.Ordinal);
        world.Sim.AddConnector("connector01");
        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector.pub"));
        world.Catalog.Put(DataKind.ConfigMap, "pki", "root.pem", pki.Pem("root.pem"));
        world.Tenant = new Tenant
        {
            Metadata = world.Metadata("contoso"),
            Spec = new TenantSpec
            {
                TenantId = host.Tenant.TenantId,
                Endpoint = world._proxy.Address.ToString(),
                Credentials = new TenantCredentials { Type = CredentialType.None },
                ConnectorKey = new ConnectorKeySpec
                {
                    KeyName = "PFXEncryptionKey",
                    PublicKeyRef = new DataReference { Kind = DataKind.ConfigMap, Name = "connector-key", Key = "public.pem" },
                },
                Budget = new BudgetSpec { WritesPer20s = 10_000, RequestsPer20s = 100_000 },
            },
        };
        tenant?.Invoke(world.Tenant.Spec);
        world.Catalog.Tenants.Add(world.Tenant);
        return world;
    }

    /// <summary>The operator's process ends, and another one begins: nothing is left but the cluster's resources and the tenant.</summary>
    public async Task RestartAsync()
    {
        await _services.DisposeAsync();
        _life.Dispose();
        _life = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        _services = _start();
    }

    /// <summary>Does work in a process that is killed at a moment; what it had not told the cluster by then is lost, and another process begins.</summary>
    /// <returns>Whether it came to that; false when the work was done before.</returns>
    public async Task<bool> KillDuringAsync(DeathMoment moment, int nth, Func<Task> work)
    {
        var death = _proxy.Kill(moment, nth);
        var running = work();
        if (await Task.WhenAny(running, death) == running)
        {
            await running;
            await _proxy.ReviveAsync();
            return false;
        }

        var cluster = Catalog.Keep();
        await _life.CancelAsync();
        _proxy.Bury();
        await running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await RestartAsync();
        await _proxy.ReviveAsync();
        cluster.Restore();
        return true;
    }

    /// <summary>The process is told to end while it works.</summary>
    public Task ShutDownAsync() => _life.CancelAsync();

    public SmimePolicy AddPolicy(string name = "outlook", Action<SmimePolicySpec>? change = null)
    {
        var policy = new SmimePolicy
        {
            Metadata = Metadata(name),
            Spec = new SmimePolicySpec { TenantRef = new TenantReference { Name = "contoso" }, DisplayName = name },
        };
        change?.Invoke(policy.Spec);
        Catalog.Policies.Add(policy);
        return policy;
    }

    public CertificateImport AddImport(string name = "alice", Action<CertificateImportSpec>? change = null)
    {
        var import = new CertificateImport
        {
            Metadata = Metadata(name),
            Spec = new CertificateImportSpec
            {
                TenantRef = new TenantReference { Name = "contoso" },
                UserPrincipalName = User,
                Purpose = ImportPurpose.SmimeEncryption,
            },
        };
        change?.Invoke(import.Spec);
        Catalog.Imports.Add(import);
        return import;
    }

    public Assignment AddAssignment(string name, Action<AssignmentSpec> change, string policy = "outlook")
    {
        var assignment = new Assignment
        {
            Metadata = Metadata(name),
            Spec = new AssignmentSpec { PolicyRef = new LocalReference { Name = policy } },
        };
        change(assignment.Spec);
        Catalog.Assignments.Add(assignment);
        return assignment;
    }

    /// <summary>A Secret with a PKCS#12 file, and a source that names it.</summary>
    public CertificateSourceSpec Pkcs12(string name, string certificate, Dictionary<string, string>? labels = null)
    {
        Catalog.Put(
            DataKind.Secret, name, new() { ["keystore.p12"] = Pki.Bytes(certificate + ".p12"), ["password"] = System.Text.Encoding.ASCII.GetBytes(Pki.Password) }, labels);
        return new CertificateSourceSpec { Name = name, Pkcs12 = new Pkcs12Source { SecretName = name, PasswordKey = "password" } };
    }

    /// <summary>A Secret as cert-manager writes it, and a source that names it.</summary>
    public CertificateSourceSpec Tls(string name, string certificate, Dictionary<string, string>? labels = null)
    {
        Catalog.Put(DataKind.Secret, name, new() { ["tls.crt"] = Pki.Bytes(certificate + ".pem"), ["tls.key"] = Pki.Bytes("leaf.key") }, labels);
        return new CertificateSourceSpec { Name = name, Tls = new TlsSource { SecretName = name } };
    }

    public async Task<string> IdOfAsync(string certificate) => $"{UserKey}-{await Pki.ThumbprintAsync(certificate)}";

    /// <summary>A person edits the spec.</summary>
    public static void Edit<TSpec>(ISpec<TSpec> entity, Action<TSpec> change)
    {
        change(entity.Spec);
        var metadata = ((IKubernetesObject<V1ObjectMeta>)entity).Metadata;
        metadata.Generation++;
    }

    public Task<Outcome<TenantStatus>> ReconcileAsync(Tenant entity, bool planOnly = false) => RunAsync<Tenant, TenantStatus>(entity, planOnly, (r, s) => r.ReconcileAsync(entity, s, _life.Token));

    public Task<Outcome<SmimePolicyStatus>> ReconcileAsync(SmimePolicy entity, bool planOnly = false) =>
        RunAsync<SmimePolicy, SmimePolicyStatus>(entity, planOnly, (r, s) => r.ReconcileAsync(entity, s, _life.Token));

    public Task<Outcome<CertificateImportStatus>> ReconcileAsync(CertificateImport entity, bool planOnly = false) =>
        RunAsync<CertificateImport, CertificateImportStatus>(entity, planOnly, (r, s) => r.ReconcileAsync(entity, s, _life.Token));

    public Task<Outcome<AssignmentStatus>> ReconcileAsync(Assignment entity, bool planOnly = false) =>
        RunAsync<Assignment, AssignmentStatus>(entity, planOnly, (r, s) => r.ReconcileAsync(entity, s, _life.Token));

    public Task<Outcome<TenantStatus>> DeleteAsync(Tenant entity) =>
        RunAsync<Tenant, TenantStatus>(Deleting(entity), false, (r, s) => r.FinalizeAsync(entity, s, _life.Token), o => o.Released && Catalog.Tenants.Remove(entity));

    public Task<Outcome<SmimePolicyStatus>> DeleteAsync(SmimePolicy entity) =>
        RunAsync<SmimePolicy, SmimePolicyStatus>(Deleting(entity), false, (r, s) => r.FinalizeAsync(entity, s, _life.Token), o => o.Released && Catalog.Policies.Remove(entity));

    public Task<Outcome<CertificateImportStatus>> DeleteAsync(CertificateImport entity) =>
        RunAsync<CertificateImport, CertificateImportStatus>(Deleting(entity), false, (r, s) => r.FinalizeAsync(entity, s, _life.Token), o => o.Released && Catalog.Imports.Remove(entity));

    public Task<Outcome<AssignmentStatus>> DeleteAsync(Assignment entity) =>
        RunAsync<Assignment, AssignmentStatus>(Deleting(entity), false, (r, s) => r.FinalizeAsync(entity, s, _life.Token), o => o.Released && Catalog.Assignments.Remove(entity));

    /// <summary>An interval passes, and the tenant is read anew.</summary>
    public async Task<Outcome<TenantStatus>> SweepAsync()
    {
        // The next sweep is due one and a half intervals after the last read at the latest.
        Clock.Forward(TimeSpan.FromMinutes(15));
        return await ReconcileAsync(Tenant);
    }

    /// <summary>Bodies that the official schema does not allow, with the request they came in.</summary>
    public IReadOnlyList<string> SchemaViolations(CsdlSchema schema) =>
        [.. Sent.Where(s => s.Method is "POST" or "PATCH").SelectMany(s => Bodies(s).SelectMany(b => schema.Validate(b.Body, b.Type).Select(v => $"{s.Method} {s.Path}: {v}")))];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _life.Dispose();
        await _proxy.DisposeAsync();
        await Host.DisposeAsync();

        // Whatever a test was about: nothing that was sent may break the schema. Where the official one is missing, CanaryTests says so.
        Sim.Log.Violations.ShouldBeEmpty();
        if (Official is { } schema)
        {
            SchemaViolations(schema).ShouldBeEmpty();
        }
    }

    private static T Deleting<T>(T entity)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        entity.Metadata.DeletionTimestamp ??= DateTime.UtcNow;
        return entity;
    }

    private static IEnumerable<(JsonObject Body, string Type)> Bodies(SentRequest sent)
    {
        var segments = sent.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments[^1] is "$batch" or "getByIds")
        {
            return [];
        }

        var body = JsonNode.Parse(sent.Body)!.AsObject();
        if (segments[^1] == "assign")
        {
            var type = segments[2] switch
            {
                "mobileApps" => "mobileAppAssignment",
                "mobileAppConfigurations" => "managedDeviceMobileAppConfigurationAssignment",
                _ => "deviceConfigurationAssignment",
            };
            return body.Single().Value!.AsArray().Select(a => (a!.AsObject(), type));
        }

        return [(body, segments[2] switch
        {
            "mobileApps" => "mobileApp",
            "mobileAppConfigurations" => "managedDeviceMobileAppConfiguration",
            "deviceConfigurations" => "deviceConfiguration",
            _ => "userPFXCertificate",
        })];
    }

    private async Task<Outcome<TStatus>> RunAsync<TEntity, TStatus>(
        TEntity entity,
        bool planOnly,
        Func<IResourceReconciler<TEntity, TStatus>, ReconcileScope, Task<Outcome<TStatus>>> run,
        Func<Outcome<TStatus>, bool>? after = null)
        where TEntity : IKubernetesObject<V1ObjectMeta>, IStatus<TStatus?>
        where TStatus : ResourceStatus
    {
        var generation = entity.Metadata.Generation!.Value;
        var scope = new ReconcileScope(Catalog, (status, _) => Keep((TStatus)status), planOnly) { KeepRemovals = KeepRemovalsAsync };
        var outcome = await run(_services.GetRequiredService<IResourceReconciler<TEntity, TStatus>>(), scope);
        await Keep(outcome.Status);
        StatusRules.Check(outcome.Events);
        Show([.. outcome.Events.Select(e => $"{e.Reason} {e.Message}"), JsonSerializer.Serialize(outcome.Plan) + string.Join('\n', outcome.Plan.Changes.Select(c => c.ToString()))]);
        _ = after?.Invoke(outcome);
        return outcome;

        // Through JSON, as the API server would give it back.
        Task Keep(TStatus status)
        {
            StatusRules.Check(generation, status);
            var json = KubernetesJson.Serialize(status);
            Show([json]);
            entity.Status = KubernetesJson.Deserialize<TStatus>(json);
            return Task.CompletedTask;
        }
    }

    private Task KeepRemovalsAsync(ResourceName name, IReadOnlyList<RemovalCount> removals, CancellationToken cancellationToken)
    {
        if (Catalog.FindTenant(name) is { } tenant)
        {
            var json = KubernetesJson.Serialize((tenant.Status ?? new TenantStatus()).WithRemovals(removals));
            tenant.Status = KubernetesJson.Deserialize<TenantStatus>(json);
        }

        return Task.CompletedTask;
    }

    // Resources may be reconciled side by side.
    private void Show(IReadOnlyList<string> texts)
    {
        lock (_texts)
        {
            _texts.AddRange(texts);
        }
    }

    private V1ObjectMeta Metadata(string name) => new()
    {
        Name = name,
        NamespaceProperty = Namespace,
        Uid = $"00000000-0000-0000-0000-{++_uids:D12}",
        Generation = 1,
        CreationTimestamp = new DateTime(2026, 1, 1, 0, 0, _uids, DateTimeKind.Utc),
    };

    // Tenants of type ClientSecret need an authority with https; here the credential is handed in.
    private sealed class WithCredential(IIntuneTenantFactory inner, TokenCredential credential) : IIntuneTenantFactory
    {
        public IIntuneTenant Connect(TenantConnection connection) => inner.Connect(connection with { Credential = credential });
    }
}

/// <summary>A credential whose tokens come from the simulator.</summary>
internal sealed class SimulatorCredential(Func<string> issue) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(issue(), DateTimeOffset.UtcNow.AddHours(1));

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}

/// <summary>Short words for what tests say of statuses.</summary>
internal static class StatusWords
{
    public static V1Condition? Condition(this ResourceStatus? status, string type) => status?.Conditions?.FirstOrDefault(c => c.Type == type);

    /// <summary>The line of a certificate, which is in this state.</summary>
    public static async Task<ImportedCertificateStatus> LineAsync(this CertificateImport import, Pki pki, string certificate, CertificateState state)
    {
        var thumbprint = await pki.ThumbprintAsync(certificate);
        var line = import.Status!.Certificates!.Single(c => c.Thumbprint == thumbprint);
        line.State.ShouldBe(state);
        return line;
    }

    public static void ShouldBeInSync(this ResourceStatus? status)
    {
        var ready = status.Condition(ConditionTypes.Ready).ShouldNotBeNull();
        ready.Status.ShouldBe("True", $"{ready.Reason}: {ready.Message}");
        ready.Reason.ShouldBe(Reasons.InSync);
    }

    public static string ShouldBeStalled(this ResourceStatus? status, string reason)
    {
        var stalled = status.Condition(ConditionTypes.Stalled).ShouldNotBeNull(status.Condition(ConditionTypes.Ready)?.Message);
        stalled.Reason.ShouldBe(reason, stalled.Message);
        return stalled.Message;
    }

    public static string ShouldWait(this ResourceStatus? status, string reason)
    {
        var waiting = status.Condition(ConditionTypes.Reconciling).ShouldNotBeNull(status.Condition(ConditionTypes.Ready)?.Message);
        waiting.Reason.ShouldBe(reason, waiting.Message);
        return waiting.Message;
    }
}
