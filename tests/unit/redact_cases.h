/* Texts and what secret_redact() makes of them; NULL: it stays as it is. Included into
 * the function of test_secret.c that walks through them. SPDX-License-Identifier:
 * GPL-3.0-or-later */
static const char *const rows[][2] = {
    /* User information. */
    {"could not fetch https://u:canary@example.org/a: no",
     "could not fetch https://***@example.org/a: no"},
    {"https://canary@example.org", "https://***@example.org"},
    {"https://u:can@ry@example.org/x@y", "https://***@example.org/x@y"},
    {"https://u:can/ary@example.org/x", "https://***@example.org/x"},
    {"https://u:can?ary@example.org/x", "https://***@example.org/x"},
    {"postgresql://u:can#ary@db:5432/x", "postgresql://***@db:5432/x"},
    {"a https://u:canary@h https://u:canary@h b", "a https://***@h https://***@h b"},
    {"https://example.org:8080/@me/x@y", NULL},
    {"https://[::1]:8080/@me", NULL},
    {"postgresql://a:5432,b:5432/x?y=a@b", NULL},
    /* Parameters. */
    {"https://h/a?token=canary&x=1#y", "https://h/a?token=***&x=1#y"},
    {"https://h/a?x=1&sig=canary%2Fb&y=2", "https://h/a?x=1&sig=***&y=2"},
    {"https://h/a?sv=1&SIG=canary", "https://h/a?sv=1&SIG=***"},
    {"https://h/a?api_key=canary: gone", "https://h/a?api_key=***: gone"},
    {"https://h/a?%74oken=canary", "https://h/a?%74oken=***"},
    {"https://h/#access_token=canary&x=1", "https://h/#access_token=***&x=1"},
    {"https://h/?pass%77ord=canary", "https://h/?pass%77ord=***"},
    {"https://h/?client-secret=canary", "https://h/?client-secret=***"},
    {"https://h/?my.auth_token=canary", "https://h/?my.auth_token=***"},
    {"https://h/?x[token]=1", NULL},
    {"https://b.s3.amazonaws.com/"
     "k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F"
     "x&X-Amz-Signature=canary&response=1",
     "https://b.s3.amazonaws.com/"
     "k?X-Amz-Algorithm=***&X-Amz-Credential=***&X-Amz-Signature="
     "***&response=1"},
    {"https://h/?AWSAccessKeyId=canary&Signature=canary&Expires=1",
     "https://h/?AWSAccessKeyId=***&Signature=***&Expires=1"},
    {"https://h/?X-Goog-Signature=canary", "https://h/?X-Goog-Signature=***"},
    {"https://h/?monkey=1&keyboard=2&tokens=3&page=4", NULL},
    /* Connection strings and texts. */
    {"host=db user=u password=can&ary dbname=x", "host=db user=u password=*** dbname=x"},
    {"host=db password='can \\' ary' dbname=x", "host=db password='***' dbname=x"},
    {"password = canary, and so on", "password = ***, and so on"},
    {"Server=h;Uid=u;Pwd=canary;x", "Server=h;Uid=u;Pwd=***"},
    {"{\"password\": \"can\\\"ary\", \"x\": 1}", "{\"password\": \"***\", \"x\": 1}"},
    {"{'secret':'canary'}", "{'secret':'***'}"},
    {"password=", NULL},
    {"the password: it is missing", NULL},
    {"the key of the table is id, the token is not", NULL},
    {"keep = 5", NULL},
    /* Headers. */
    {"> Authorization: Bearer canary.canary\r\n> Host: h",
     "> Authorization: ***\r\n> Host: h"},
    {"authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=canary\nx",
     "authorization: ***\nx"},
    {"Set-Cookie: a=canary; b\nx: y", "Set-Cookie: ***\nx: y"},
    {"X-Amz-Security-Token: canary", "X-Amz-Security-Token: ***"},
    {"sent Bearer canary1canary to h", "sent Bearer *** to h"},
    {"sent Basic Y2FuYXJ5OmNhbmFyeQ== to h", "sent Basic *** to h"},
    {"Basic tables are fine", NULL},
    {"a basic introduction", NULL},
    {"for AKIAIOSFODNN7EXAMPLE it is", "for *** it is"},
    /* What is no secret. */
    {"", NULL},
    {"s3://bucket/a b/c=d/e.csv", NULL},
    {"could not read data/orders.csv: line 3 has 4 cells, not 5", NULL},
    {"\xff\xfe://\x80", NULL},
    {"://", NULL},
    {"https://data.example.org/orders.csv?version=2&format=csv#x", NULL},
};
