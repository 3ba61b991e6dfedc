using System.Net;
using Microsoft.Extensions.Logging;

namespace SmimeOperator.Intune;

/// <summary>Connects tenants; all share one set of network connections.</summary>
internal sealed class IntuneTenantFactory : IIntuneTenantFactory, IDisposable
{
    private readonly IntuneOptions _options;
    private readonly IntuneMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IWriteFence _fence;
    private readonly HttpMessageHandler _connections;

    /// <summary>A factory over the network.</summary>
    public IntuneTenantFactory(IntuneOptions options, IntuneMetrics metrics, TimeProvider time, ILoggerFactory loggers, IWriteFence fence)
        : this(options, metrics, time, loggers, fence, Network(fence))
    {
    }

    /// <summary>A factory over other connections than the network's.</summary>
    internal IntuneTenantFactory(
        IntuneOptions options, IntuneMetrics metrics, TimeProvider time, ILoggerFactory loggers, IWriteFence fence, HttpMessageHandler connections)
    {
        (_options, _metrics, _time, _fence, _connections) = (options, metrics, time, fence, connections);
        _logger = loggers.CreateLogger("SmimeOperator.Intune");
    }

    /// <inheritdoc/>
    public IIntuneTenant Connect(TenantConnection connection) => new IntuneTenant(connection, _connections, _options, _metrics, _fence, _time, _logger);

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();

    private static SocketsHttpHandler Network(IWriteFence fence) => new()
    {
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli | DecompressionMethods.Deflate,
        // The service never redirects what we ask for; a redirect would carry the request to somewhere else.
        AllowAutoRedirect = false,
        UseCookies = false,
        PlaintextStreamFilter = (connection, _) => ValueTask.FromResult<Stream>(new FencedStream(connection.PlaintextStream, fence)),
        EnableMultipleHttp2Connections = true,
        // Short enough to follow the service when its addresses change.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    };
}
