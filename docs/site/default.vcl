# Varnish between the machines of a site and a distant repository: each object crosses the distant link once.
# Set host, port and name of the distant mirror.
vcl 4.1;

backend distant {
    .host = "mirror.example";
    .port = "80";
    .host_header = "mirror.example";
    .connect_timeout = 5s;
    .first_byte_timeout = 30s;
}

sub vcl_recv {
    if (req.method != "GET" && req.method != "HEAD") {
        return (synth(405));
    }
    unset req.http.Cookie;
    unset req.http.Authorization;
    # Machines that ask for one object at the same time wait for one fetch.
    return (hash);
}

sub vcl_backend_response {
    unset beresp.http.Set-Cookie;
    unset beresp.http.Vary;
    set beresp.grace = 0s;
    if (beresp.status == 200 && bereq.url ~ "/(blocks|images|packs)/" && bereq.url !~ "\.sig$") {
        # Blocks, images and packs never change. A pack is fetched as a whole, and its ranges are served meanwhile.
        set beresp.ttl = 365d;
    } else if (beresp.status == 200) {
        # Channels, profiles and signatures change: after a second they are asked for again, by If-None-Match.
        set beresp.ttl = 1s;
        set beresp.keep = 30d;
    } else if (beresp.status == 404) {
        set beresp.ttl = 1s;
    } else {
        set beresp.ttl = 0s;
    }
    return (deliver);
}
