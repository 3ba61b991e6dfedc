using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SmimeOperator.TenantSimulator.Administration;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Faults;
using SmimeOperator.TenantSimulator.Limits;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Persistence;
using SmimeOperator.TenantSimulator.Requests;
using SmimeOperator.TenantSimulator.Tokens;

namespace SmimeOperator.TenantSimulator;

/// <summary>A simulated tenant that answers Graph's requests on loopback.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly StateSaver? _saver;
    private readonly X509Certificate2? _certificate;
    private bool _stopped;

    private SimulatorHost(WebApplication app, SimulatedTenant tenant, StateSaver? saver, X509Certificate2? certificate, Uri address)
    {
        _app = app;
        _saver = saver;
        _certificate = certificate;
        Tenant = tenant;
        BaseAddress = address;
        Certificate = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
    }

    /// <summary>The Graph root without version, such as http://127.0.0.1:5080/.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The tenant from inside.</summary>
    public SimulatedTenant Tenant { get; }

    /// <summary>The public part of the certificate that the simulator shows when it serves TLS.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>Starts a simulator; it answers when the task is done.</summary>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        var store = new TenantStore(options);
        var file = options.StatePath is null ? null : new StateFile(store, options.StatePath);
        file?.Load();
        var certificate = options.UseHttps ? MakeCertificate(options.TimeProvider) : null;
        var log = new RequestLog(options.LogCapacity, options.TimeProvider);
        var random = new Random(options.Seed);
        var faults = new FaultRules(random);
        var limits = new RequestLimits(options);
        var tokens = new BearerTokens(options);
        var errors = new ErrorBodies(options.TimeProvider, store.NewGuid);
        var tenant = new SimulatedTenant(store, faults, limits, tokens, log);
        tenant.EnsureOrganization();
        var pipeline = new GraphPipeline(options, new GraphRouter(store, errors), errors, limits, faults, log);
        var graph = new GraphEndpoint(pipeline, new BatchHandler(pipeline, errors, random), errors, tokens);

        var app = Build(options, certificate);
        app.Run(new Dispatcher(graph, new AdminEndpoint(tenant), new TokenEndpoint(options, tokens)).HandleAsync);
        await app.StartAsync(cancellationToken);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Log.Listening(app.Logger, options.TenantId, address);
        return new SimulatorHost(app, tenant, file is null ? null : new StateSaver(file, app.Logger), certificate, address);
    }

    /// <summary>Stops answering and saves the state.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        using var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(atOnce.Token);
        if (_saver is not null)
        {
            await _saver.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _certificate?.Dispose();
        Certificate?.Dispose();
    }

    private static WebApplication Build(SimulatorOptions options, X509Certificate2? certificate)
    {
        // An empty builder reads no settings file and no environment: a test's host must not pick up its surroundings.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore();
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        return builder.Build();
    }

    private static X509Certificate2 MakeCertificate(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }
}
