using System.Net;
using k8s.Models;

namespace SmimeOperator.Runtime.Tests.Client;

public sealed class RetryAfterTests(Cluster cluster)
{
    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_server_that_asks_to_wait_is_asked_again(HttpStatusCode code)
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateSecretAsync(ns, "s", "x");
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var app = await RunningOperator.StartAsync(proxy.Configure(cluster.Configuration), ns);
        var refused = 0;
        proxy.Answer = passed => passed.Path.EndsWith("/s", StringComparison.Ordinal) && Interlocked.Increment(ref refused) <= 2 ? (code, "{}", "0") : null;

        var secret = await app.Get<IObjectReader>().GetAsync<V1Secret>(new NamespacedName(ns, "s"), TestContext.Current.CancellationToken);

        secret.ShouldNotBeNull();
        refused.ShouldBe(3);
    }

    [Fact]
    public async Task Without_the_header_the_answer_goes_to_the_caller()
    {
        var ns = await cluster.NewNamespaceAsync();
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var app = await RunningOperator.StartAsync(proxy.Configure(cluster.Configuration), ns);
        proxy.Answer = static _ => (HttpStatusCode.ServiceUnavailable, """{"reason":"ServiceUnavailable","message":"later"}""", null);

        var error = await Should.ThrowAsync<KubernetesApiException>(() =>
            app.Get<IObjectReader>().GetAsync<V1Secret>(new NamespacedName(ns, "s"), TestContext.Current.CancellationToken));

        error.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        error.Message.ShouldContain("later");
    }
}
