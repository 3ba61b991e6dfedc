using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>
/// Stands between one client and the API server and writes down what was asked for and how it was answered. Not every API server keeps an audit log;
/// here each request is known before its client has the answer.
/// </summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly ConcurrentQueue<(Right Right, int Status)> _requests = new();
    private readonly HttpClient _server;
    private readonly WebApplication _proxy;

    private RecordingProxy(HttpClient server, WebApplication proxy) => (_server, _proxy) = (server, proxy);

    /// <summary>All requests so far, oldest first.</summary>
    public IReadOnlyList<(Right Right, int Status)> Requests => [.. _requests];

    /// <summary>What was asked for, granted or not.</summary>
    public IReadOnlySet<Right> Used => _requests.Select(r => r.Right).ToHashSet();

    private string Address => _proxy.Urls.Single();

    public static async Task<RecordingProxy> StartAsync(ApiServer server)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(server.CertificateAuthority);
        var handler = new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = trust }, AutomaticDecompression = DecompressionMethods.None };
        var client = new HttpClient(handler) { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseShutdownTimeout(TimeSpan.Zero);
        var proxy = builder.Build();
        var recorder = new RecordingProxy(client, proxy);
        proxy.Run(recorder.ForwardAsync);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        return recorder;
    }

    /// <summary>A kubeconfig of the server's with the proxy in its place.</summary>
    public string Through(string kubeconfig, ApiServer server)
    {
        var path = kubeconfig + ".proxied";
        File.WriteAllLines(path, File.ReadLines(kubeconfig)
            .Where(l => !l.Contains("certificate-authority:", StringComparison.Ordinal))
            .Select(l => l.Replace(server.Address.GetLeftPart(UriPartial.Authority), Address, StringComparison.Ordinal)));
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path.ToUriComponent() + context.Request.QueryString);
        if (context.Request.Headers.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Host" or "Connection" or "Transfer-Encoding")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        try
        {
            using var answer = await _server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            _requests.Enqueue((Right.AskedBy(context.Request), (int)answer.StatusCode));
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Transfer-Encoding"))
            {
                context.Response.Headers[name] = values.ToArray();
            }

            await CopyAsync(await answer.Content.ReadAsStreamAsync(context.RequestAborted), context);
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or HttpRequestException)
        {
            // The client or the server went away, most often at the end of a watch.
            context.Abort();
        }
    }

    // A watch has no end: each piece goes on as it comes.
    private static async Task CopyAsync(Stream from, HttpContext context)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
