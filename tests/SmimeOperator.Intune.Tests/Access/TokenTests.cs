using Microsoft.Extensions.Time.Testing;
using SmimeOperator.Intune.Tests.Tenant;

namespace SmimeOperator.Intune.Tests.Access;

public sealed class TokenTests
{
    private const string TenantId = "11111111-2222-3333-4444-555555555555";
    private readonly FakeTimeProvider _time = new();
    private int _issued;

    private CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_in_doubt_is_replaced_once_it_is_not_quite_new()
    {
        using var tokens = CreateSut();
        var (first, claims) = await tokens.GetAsync(Token);
        claims.Permissions.ShouldBe(["A.Read.All"]);
        tokens.Doubted(first);
        (await tokens.GetAsync(Token)).Token.ShouldBe(first);
        _time.Advance(TimeSpan.FromMinutes(6));
        tokens.Doubted(first);
        var (second, _) = await tokens.GetAsync(Token);
        second.ShouldNotBe(first);
        tokens.Refused(first, null);
        (await tokens.GetAsync(Token)).Token.ShouldBe(second);
    }

    [Fact]
    public async Task What_is_no_token_of_a_tenant_is_not_used()
    {
        using var tokens = CreateSut(() => "opaque");
        (await Should.ThrowAsync<TenantException>(async () => await tokens.GetAsync(Token))).Kind.ShouldBe(FaultKind.CredentialsInvalid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.!!.c")]
    [InlineData("a.W10.c")]
    public void Anything_else_than_a_jwt_has_no_claims(string token) => TokenClaims.Read(token).ShouldBeNull();

    private AccessTokens CreateSut(Func<string>? issue = null) => new(
        new TenantConnection
        {
            TenantId = TenantId,
            GraphRoot = new Uri("https://graph.example"),
            Scope = "https://graph.example/.default",
            Credential = new TestCredential(issue ?? Issue),
        },
        _time);

    private string Issue() =>
        "h." + System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(
            $$"""{"tid":"{{TenantId}}","appid":"x","roles":["A.Read.All"],"n":{{_issued++}}}""")) + ".s";
}
