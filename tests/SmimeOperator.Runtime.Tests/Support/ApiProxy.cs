using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmimeOperator.Testing;

namespace SmimeOperator.Runtime.Tests;

/// <summary>A request as the proxy saw it.</summary>
public sealed record Passed(string Method, string Path, string Query, string Accept)
{
    public bool IsWatch => Query.Contains("watch=true", StringComparison.Ordinal);

    public bool IsList => Method == "GET" && !IsWatch && Path.EndsWith('s');
}

/// <summary>
/// A network between the runtime and the API server that can go wrong on request: it refuses, cuts, stalls and writes into
/// streams. Everything else passes unchanged, and everything that passes is kept for the test to look at.
/// </summary>
public sealed class ApiProxy : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpMessageInvoker _upstream;
    private readonly Uri _target;
    private readonly ConcurrentDictionary<Guid, OpenWatch> _watches = new();
    private readonly MemoryStream _received = new();

    private ApiProxy(WebApplication application, ApiServer server)
    {
        _application = application;
        _target = server.Address;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(server.CertificateAuthority);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.AddRange(roots);
        _upstream = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = trust } });
    }

    public Signals<Passed> Requests { get; } = new();

    /// <summary>Answers a request in the API server's place; null lets it pass.</summary>
    public Func<Passed, (HttpStatusCode Code, string Body, string? RetryAfter)?> Answer { get; set; } = static _ => null;

    /// <summary>Nothing passes: requests hang until their caller gives up.</summary>
    public bool IsDown { get; set; }

    /// <summary>Everything that the API server sent.</summary>
    public string Received
    {
        get
        {
            lock (_received)
            {
                return Encoding.UTF8.GetString(_received.ToArray());
            }
        }
    }

    public static async Task<ApiProxy> StartAsync(ApiServer server)
    {
        _ = server.Address;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var application = builder.Build();
        var proxy = new ApiProxy(application, server);
        application.Run(proxy.PassAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    public KubernetesClientConfiguration Configure(KubernetesClientConfiguration configuration)
    {
        configuration.Host = _application.Urls.Single();
        configuration.SslCaCerts = null;
        return configuration;
    }

    /// <summary>Ends all open watches as a broken connection does.</summary>
    public void CutWatches() => ForWatches(static watch => watch.Cut.Cancel());

    /// <summary>Lets open watches stay open and silent.</summary>
    public void StallWatches() => ForWatches(static watch => watch.IsStalled = true);

    /// <summary>Writes a line into all open watches.</summary>
    public Task WriteLineAsync(string line) => Task.WhenAll(_watches.Values.Select(async watch =>
    {
        await watch.Writing.WaitAsync();
        try
        {
            await watch.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
            await watch.Response.Body.FlushAsync();
        }
        finally
        {
            watch.Writing.Release();
        }
    }));

    public async ValueTask DisposeAsync()
    {
        CutWatches();
        IsDown = false;
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
        _upstream.Dispose();
        await _received.DisposeAsync();
    }

    private void ForWatches(Action<OpenWatch> action)
    {
        foreach (var watch in _watches.Values)
        {
            action(watch);
        }
    }

    private async Task PassAsync(HttpContext context)
    {
        var request = context.Request;
        var passed = new Passed(request.Method, request.Path, request.QueryString.Value ?? "", request.Headers.Accept.ToString());
        try
        {
            while (IsDown)
            {
                // An outage as the network makes it: no refusal, no answer.
                await Task.Delay(TimeSpan.FromMilliseconds(20), context.RequestAborted);
            }

            if (Answer(passed) is { } answer)
            {
                Requests.Add(passed);
                context.Response.StatusCode = (int)answer.Code;
                context.Response.ContentType = "application/json";
                context.Response.Headers.RetryAfter = answer.RetryAfter;
                await context.Response.WriteAsync(answer.Body, context.RequestAborted);
                return;
            }

            await ForwardAsync(context, passed);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or InvalidOperationException)
        {
            // The caller has gone, the test has cut the connection, or the API server is down: the other end sees the same.
            context.Abort();
        }
    }

    private async Task ForwardAsync(HttpContext context, Passed passed)
    {
        using var forwarded = new HttpRequestMessage(new HttpMethod(passed.Method), new Uri(_target, passed.Path + passed.Query));
        if (context.Request.ContentLength > 0)
        {
            forwarded.Content = new StreamContent(context.Request.Body);
            forwarded.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        forwarded.Headers.TryAddWithoutValidation("Accept", passed.Accept);
        forwarded.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
        var watch = new OpenWatch(context.Response);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, watch.Cut.Token);
        using var response = await _upstream.SendAsync(forwarded, linked.Token);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await context.Response.StartAsync(linked.Token);
        await context.Response.Body.FlushAsync(linked.Token);
        var id = Guid.NewGuid();
        if (passed.IsWatch)
        {
            _watches[id] = watch;
        }

        Requests.Add(passed);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(linked.Token);
            var buffer = new byte[16 * 1024];
            while (await body.ReadAsync(buffer, linked.Token) is var read and > 0)
            {
                lock (_received)
                {
                    _received.Write(buffer.AsSpan(0, read));
                }

                if (watch.IsStalled)
                {
                    continue;
                }

                await watch.Writing.WaitAsync(linked.Token);
                try
                {
                    await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), linked.Token);
                    await context.Response.Body.FlushAsync(linked.Token);
                }
                finally
                {
                    watch.Writing.Release();
                }
            }
        }
        finally
        {
            _watches.TryRemove(id, out _);
        }
    }

    private sealed class OpenWatch(HttpResponse response)
    {
        public HttpResponse Response { get; } = response;

        public CancellationTokenSource Cut { get; } = new();

        public SemaphoreSlim Writing { get; } = new(1);

        public volatile bool IsStalled;
    }
}
