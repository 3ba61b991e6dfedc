using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Graph.Models;
using SmimeOperator.Intune.Models;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Intune.Tests.Tenant;

/// <summary>A simulated tenant and a connection to it, with waits that suit a test.</summary>
internal sealed class TestTenant : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestTenant(SimulatorHost host, ServiceProvider services, TokenCredential? credential, string? pinned)
    {
        Host = host;
        _services = services;
        Intune = services.GetRequiredService<IIntuneTenantFactory>().Connect(new TenantConnection
        {
            TenantId = pinned ?? host.Tenant.TenantId,
            GraphRoot = host.BaseAddress,
            Scope = "https://graph.microsoft.com/.default",
            Credential = credential,
            WritesPer20s = 100_000,
            RequestsPer20s = 100_000,
        });
    }

    public SimulatorHost Host { get; }

    public SimulatedTenant Sim => Host.Tenant;

    public IIntuneTenant Intune { get; }

    /// <summary>Requests that the service counts: parts of a batch one by one, the batch itself not; without the question which tenant this is.</summary>
    public IReadOnlyList<RequestLogEntry> Requests =>
        [.. Sim.Log.Entries.Where(e => !e.Path.EndsWith("/organization", StringComparison.Ordinal))];

    public static async Task<TestTenant> StartAsync(
        SimulatorOptions? simulator = null, Action<IntuneOptions>? configure = null, Func<SimulatedTenant, TokenCredential>? credential = null, string? pinned = null,
        HttpMessageHandler? network = null, IWriteFence? fence = null, TimeProvider? time = null)
    {
        var host = await SimulatorHost.StartAsync((simulator ?? new SimulatorOptions()) with { Limits = PublishedLimits.Off }, TestContext.Current.CancellationToken);
        if (host.Tenant.Count("organization") == 0)
        {
            host.Tenant.Add("organization", new JsonObject { ["id"] = host.Tenant.TenantId, ["displayName"] = "Contoso" });
        }

        var services = new ServiceCollection().AddMetrics();
        if (fence is not null)
        {
            services.AddSingleton(fence);
        }

        if (time is not null)
        {
            services.AddSingleton(time);
        }

        if (network is not null)
        {
            var options = new IntuneOptions();
            Configure(options);
            services.AddSingleton<IIntuneTenantFactory>(p => new IntuneTenantFactory(
                options, new IntuneMetrics(p.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLoggerFactory.Instance, fence ?? OpenFence.Instance, network));
        }

        return new TestTenant(host, services.AddIntune(Configure).BuildServiceProvider(), credential?.Invoke(host.Tenant), pinned);

        void Configure(IntuneOptions o)
        {
            o.ThrottleFloor = TimeSpan.FromMilliseconds(30);
            o.OutageDelay = TimeSpan.FromMilliseconds(5);
            o.DirectoryWindow = TimeSpan.FromMilliseconds(40);
            configure?.Invoke(o);
        }
    }

    public static UserPfxCertificate Certificate(string user, int number) => new()
    {
        Thumbprint = Thumbprint(number),
        IntendedPurpose = "smimeEncryption",
        UserPrincipalName = user,
        StartDateTime = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero),
        ExpirationDateTime = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
        ProviderName = "Microsoft Software Key Storage Provider",
        KeyName = "PFXEncryptionKey",
        PaddingScheme = "oaepSha512",
        EncryptedPfxBlob = [1, 2, 3],
        EncryptedPfxPassword = new byte[256],
        CreatedDateTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    public static string Thumbprint(int number) => number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture);

    public static IosMobileAppConfiguration AppPolicy(string name, string app) => new()
    {
        OdataType = "#microsoft.graph.iosMobileAppConfiguration",
        DisplayName = name,
        Description = "made by a test",
        TargetedMobileApps = [app],
        Settings = [new AppConfigurationSettingItem { AppConfigKey = "k", AppConfigKeyType = MdmAppConfigKeyType.BooleanType, AppConfigKeyValue = "true" }],
    };

    /// <summary>Seeds imported certificates; several users, several each.</summary>
    public void Seed(int certificates, int users)
    {
        for (var i = 0; i < users; i++)
        {
            Sim.AddUser($"user{i}@contoso.com");
        }

        for (var i = 0; i < certificates; i++)
        {
            Sim.Add("userPfxCertificates", new JsonObject
            {
                ["userPrincipalName"] = $"user{i % users}@contoso.com",
                ["thumbprint"] = Thumbprint(i),
                ["intendedPurpose"] = "smimeEncryption",
                ["startDateTime"] = "2024-01-01T00:00:00Z",
                ["expirationDateTime"] = "2027-01-01T00:00:00Z",
                ["providerName"] = "Microsoft Software Key Storage Provider",
                ["keyName"] = "PFXEncryptionKey",
                ["paddingScheme"] = "oaepSha512",
            });
        }
    }

    public string SeedProfile(string name, params string[] groups) => Sim.Add("deviceConfigurations", new JsonObject
    {
        ["@odata.type"] = "#microsoft.graph.iosImportedPFXCertificateProfile",
        ["displayName"] = name,
        ["intendedPurpose"] = "smimeEncryption",
        ["assignments"] = new JsonArray([.. groups.Select(g => new JsonObject
        {
            ["target"] = new JsonObject { ["@odata.type"] = "#microsoft.graph.groupAssignmentTarget", ["groupId"] = g },
        })]),
    });

    public async ValueTask DisposeAsync()
    {
        await Intune.DisposeAsync();
        await _services.DisposeAsync();
        await Host.DisposeAsync();
    }
}

/// <summary>A credential whose tokens come from the simulator.</summary>
internal sealed class TestCredential(Func<string> issue) : TokenCredential
{
    private string? _cached;

    public int Fetched { get; private set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        // Like the real ones it hands out what it has, unless a claims challenge tells it not to.
        if (_cached is null || requestContext.Claims is not null)
        {
            Fetched++;
            _cached = issue();
        }

        return new AccessToken(_cached, DateTimeOffset.MaxValue.AddDays(-1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
